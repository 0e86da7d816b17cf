package main

import (
	"strings"

	"github.com/pion/rtp"
)

// counter counts the RTP packets of one track, and of video the frames that a decoder could show: whole, and in an
// unbroken row since a key frame.
type counter struct {
	Packets   int `json:"packets"`
	Bytes     int `json:"bytes"`
	Frames    int `json:"frames"`
	KeyFrames int `json:"keyFrames"`

	started, decodable, whole, key bool
	next                           uint16
}

// take reports whether a frame came to its end that cannot be shown: only a key frame mends that.
func (c *counter) take(codec string, packet *rtp.Packet) (broken bool) {
	c.Packets++
	c.Bytes += len(packet.Payload)
	if len(packet.Payload) == 0 {
		return false
	}
	ahead := int16(packet.SequenceNumber - c.next)
	if c.started && ahead < 0 {
		return false
	}
	if c.started && ahead > 0 {
		c.decodable, c.whole = false, false
	}
	c.started, c.next = true, packet.SequenceNumber+1
	if startsKeyFrame(strings.ToUpper(codec), packet.Payload) {
		c.key, c.whole = true, true
	}
	if !packet.Marker {
		return false
	}
	if c.key && c.whole {
		c.KeyFrames++
		c.decodable = true
	}
	if c.decodable {
		c.Frames++
	}
	c.key, c.whole = false, true
	return !c.decodable
}

func startsKeyFrame(codec string, payload []byte) bool {
	switch codec {
	case "VIDEO/VP8":
		return startsVP8KeyFrame(payload)
	case "VIDEO/H264":
		return startsH264KeyFrame(payload)
	}
	return false
}

// startsVP8KeyFrame reads the payload descriptor of RFC 7741 section 4.2.
func startsVP8KeyFrame(payload []byte) bool {
	if payload[0]&0x17 != 0x10 {
		return false
	}
	header := 1
	if payload[0]&0x80 != 0 && len(payload) > 2 {
		extensions := payload[1]
		header++
		if extensions&0x80 != 0 {
			if payload[header]&0x80 != 0 {
				header++
			}
			header++
		}
		if extensions&0x40 != 0 {
			header++
		}
		if extensions&0x30 != 0 {
			header++
		}
	}
	return header < len(payload) && payload[header]&1 == 0
}

// startsH264KeyFrame looks at a single unit, the first one of an aggregate, or the beginning of a fragmented one.
func startsH264KeyFrame(payload []byte) bool {
	kind := payload[0] & 0x1f
	if kind == 24 && len(payload) > 3 {
		kind = payload[3] & 0x1f
	}
	if kind == 28 && len(payload) > 1 {
		if payload[1]&0x80 == 0 {
			return false
		}
		kind = payload[1] & 0x1f
	}
	return kind == 5 || kind == 7
}
