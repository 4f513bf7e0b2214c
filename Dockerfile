FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /shoushan . && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /shoushan /shoushan
COPY --from=build --chown=nonroot:nonroot /data /data
ENV LISTEN=0.0.0.0:8080 DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/shoushan", "health"]
ENTRYPOINT ["/shoushan"]
CMD ["serve"]
