package simulator

// The parts that the published vectors prove.
var (
	Sign   = sign
	AESKey = aesKey
	Seal   = seal
	Unseal = unseal
)
