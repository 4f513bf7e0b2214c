// Package simulator is a WeChat Official Account platform on one's own machine: Tencent's API, the callback pusher, the
// published article pages, and a phone in the browser on which made-up citizens talk to the account.
//
// It is a second, independent reading of Tencent's documents and therefore imports nothing else of this project. The
// zero value works:
//
//	platform := &simulator.Server{CallbackURL: "http://127.0.0.1:8080/wechat"}
//	defer platform.Close()
//	http.ListenAndServe("127.0.0.1:8090", platform.Handler())
//
// One handler carries everything:
//
//	/cgi-bin/…         Tencent's API: same paths, same JSON, errors with HTTP 200, errcode, errmsg and rid
//	/s/{id}            permanent links of published articles        /mmbiz/{id}   images
//	/                  the phone, beside it the wire view           /phone/…      what that page calls
//	/sim/…             the control API: clock, faults, settings, citizens; /sim/ itself describes it
//
// What Tencent documents is simulated as documented; what is only known from experience is marked [M] in a comment. The
// server has no login: listen on 127.0.0.1 only.
package simulator
