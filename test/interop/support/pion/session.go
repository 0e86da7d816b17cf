package main

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

const keyFrameInterval = time.Second

var (
	ufragLine      = regexp.MustCompile(`(?m)^a=ice-ufrag:(\S+)`)
	pwdLine        = regexp.MustCompile(`(?m)^a=ice-pwd:(\S+)`)
	midLine        = regexp.MustCompile(`(?m)^a=mid:(\S+)`)
	mediaLine      = regexp.MustCompile(`(?m)^m=[^\r\n]+`)
	candidateLine  = regexp.MustCompile(`(?m)^a=(candidate:[^\r\n]+)`)
	candidateLines = regexp.MustCompile(`(?m)^a=(?:candidate|end-of-candidates)[^\n]*\n`)
)

// session is one publisher.
type session struct {
	id   string
	peer *webrtc.PeerConnection
	// turn lets one PATCH after the other work.
	turn        sync.Mutex
	etag, offer string

	counting     sync.Mutex
	audio, video counter
	askedAt      time.Time
}

func newPeer() (*webrtc.PeerConnection, error) {
	media := &webrtc.MediaEngine{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	interceptors := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(media, interceptors); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(interceptors),
		webrtc.WithSettingEngine(settings),
	)
	return api.NewPeerConnection(webrtc.Configuration{})
}

// newSession publishes an offer; gone is called when the session is over by itself.
func newSession(offer string, gone func(*session)) (*session, string, error) {
	peer, err := newPeer()
	if err != nil {
		return nil, "", err
	}
	s := &session{id: token(), etag: newEtag(), peer: peer}
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { s.receive(track) })
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateFailed {
			go peer.Close()
		}
		if state == webrtc.PeerConnectionStateFailed || state == webrtc.PeerConnectionStateClosed {
			gone(s)
		}
	})
	answer, err := s.answer(offer)
	if err != nil {
		peer.Close()
		return nil, "", err
	}
	return s, answer, nil
}

func (s *session) receive(track *webrtc.TrackRemote) {
	isVideo := track.Kind() == webrtc.RTPCodecTypeVideo
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		s.counting.Lock()
		if !isVideo {
			s.audio.take("", packet)
		} else if s.video.take(track.Codec().MimeType, packet) && time.Since(s.askedAt) > keyFrameInterval {
			s.askedAt = time.Now()
			go s.peer.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}})
		}
		s.counting.Unlock()
	}
}

func (s *session) answer(offer string) (string, error) {
	if err := s.peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	s.offer = offer
	answer, err := s.peer.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(s.peer)
	if err := s.peer.SetLocalDescription(answer); err != nil {
		return "", err
	}
	<-gathered
	return s.peer.LocalDescription().SDP, nil
}

// isRestart tells whether a fragment has the credentials of another ICE generation.
func (s *session) isRestart(fragment string) bool {
	ufrag := first(ufragLine, fragment)
	return ufrag != "" && ufrag != first(ufragLine, s.offer)
}

// restart restarts ICE, and gives the fragment with the new credentials and candidates.
func (s *session) restart(fragment string) (string, error) {
	ufrag, pwd := first(ufragLine, fragment), first(pwdLine, fragment)
	if pwd == "" {
		return "", errors.New("the fragment has no a=ice-pwd")
	}
	offer := candidateLines.ReplaceAllString(s.offer, "")
	offer = ufragLine.ReplaceAllString(offer, "a=ice-ufrag:"+ufrag)
	offer = pwdLine.ReplaceAllString(offer, "a=ice-pwd:"+pwd)
	answer, err := s.answer(offer)
	if err != nil {
		return "", err
	}
	s.etag = newEtag()
	lines := []string{
		mediaLine.FindString(answer),
		"a=mid:" + first(midLine, answer),
		"a=ice-ufrag:" + first(ufragLine, answer),
		"a=ice-pwd:" + first(pwdLine, answer),
	}
	known := map[string]bool{}
	for _, line := range candidateLine.FindAllString(answer, -1) {
		if !known[line] {
			lines = append(lines, line)
		}
		known[line] = true
	}
	return strings.Join(append(lines, "a=end-of-candidates", ""), "\r\n"), nil
}

// addCandidates takes those of a fragment; one that cannot be used is skipped.
func (s *session) addCandidates(fragment string) {
	mid := first(midLine, fragment)
	for _, match := range candidateLine.FindAllStringSubmatch(fragment, -1) {
		_ = s.peer.AddICECandidate(webrtc.ICECandidateInit{Candidate: match[1], SDPMid: &mid})
	}
}

func (s *session) report() sessionReport {
	s.counting.Lock()
	defer s.counting.Unlock()
	return sessionReport{s.id, s.peer.ConnectionState().String(), s.audio, s.video}
}

func first(pattern *regexp.Regexp, text string) string {
	if match := pattern.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}
