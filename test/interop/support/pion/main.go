// A WHIP server on Pion for the tests: RFC 9725 with trickle and ICE restart, and /control for what has arrived.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

const (
	sdpType      = "application/sdp"
	fragmentType = "application/trickle-ice-sdpfrag"
)

type sessionReport struct {
	ID    string  `json:"id"`
	State string  `json:"state"`
	Audio counter `json:"audio"`
	Video counter `json:"video"`
}

type requestReport struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Status int    `json:"status"`
}

type server struct {
	lock     sync.Mutex
	sessions map[string]*session
	requests []requestReport
}

// recorder notes the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Allow-Methods", "OPTIONS, HEAD, POST, PATCH, DELETE")
	header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
	header.Set("Access-Control-Expose-Headers", "Location, ETag, Link, Accept-Patch, Retry-After")
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.URL.Path == "/control" {
		s.control(w, r)
		return
	}
	recorded := &recorder{w, http.StatusOK}
	s.route(recorded, r)
	if r.Method == http.MethodHead {
		return
	}
	s.lock.Lock()
	s.requests = append(s.requests, requestReport{r.Method, r.URL.RequestURI(), recorded.status})
	s.lock.Unlock()
}

func (s *server) route(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/whip/") {
		if r.Method == http.MethodPost {
			s.post(w, r)
		} else {
			w.WriteHeader(http.StatusNoContent)
		}
		return
	}
	s.lock.Lock()
	found := s.sessions[strings.TrimPrefix(r.URL.Path, "/session/")]
	s.lock.Unlock()
	if found == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	switch r.Method {
	case http.MethodDelete:
		s.remove(found)
		found.peer.Close()
	case http.MethodPatch:
		patch(w, r, found)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *server) post(w http.ResponseWriter, r *http.Request) {
	offer, ok := body(w, r, sdpType)
	if !ok {
		return
	}
	made, answer, err := newSession(offer, s.remove)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.lock.Lock()
	s.sessions[made.id] = made
	s.lock.Unlock()
	w.Header().Set("Content-Type", sdpType)
	w.Header().Set("Location", "/session/"+made.id)
	w.Header().Set("ETag", made.etag)
	w.Header().Set("Accept-Patch", fragmentType)
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, answer)
}

func patch(w http.ResponseWriter, r *http.Request, found *session) {
	fragment, ok := body(w, r, fragmentType)
	if !ok {
		return
	}
	found.turn.Lock()
	defer found.turn.Unlock()
	ifMatch := r.Header.Get("If-Match")
	isAny := ifMatch == "*" || ifMatch == `"*"`
	switch {
	case ifMatch == "":
		w.WriteHeader(http.StatusPreconditionRequired)
	case !isAny && ifMatch != found.etag:
		w.WriteHeader(http.StatusPreconditionFailed)
	case !found.isRestart(fragment):
		found.addCandidates(fragment)
		w.WriteHeader(http.StatusNoContent)
	default:
		answer, err := found.restart(fragment)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		found.addCandidates(fragment)
		w.Header().Set("Content-Type", fragmentType)
		w.Header().Set("ETag", found.etag)
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, answer)
	}
}

// control is for the tests alone: what there is, or the end of all sessions by the server itself.
func (s *server) control(w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	open := []*session{}
	for _, one := range s.sessions {
		open = append(open, one)
	}
	requests := append([]requestReport{}, s.requests...)
	s.lock.Unlock()
	if r.Method == http.MethodDelete {
		for _, one := range open {
			s.remove(one)
			one.peer.Close()
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	sessions := []sessionReport{}
	for _, one := range open {
		sessions = append(sessions, one.report())
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]interface{}{"sessions": sessions, "requests": requests})
}

func (s *server) remove(gone *session) {
	s.lock.Lock()
	delete(s.sessions, gone.id)
	s.lock.Unlock()
}

// body reads the body of a request, where it is of the right type.
func body(w http.ResponseWriter, r *http.Request, wanted string) (string, bool) {
	if got := strings.TrimSpace(strings.Split(r.Header.Get("Content-Type"), ";")[0]); got != wanted {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return "", false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64*1024))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return "", false
	}
	return string(text), true
}

func token() string {
	random := make([]byte, 16)
	rand.Read(random)
	return hex.EncodeToString(random)
}

func newEtag() string {
	return `"` + token()[:8] + `"`
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	http.Serve(listener, &server{sessions: map[string]*session{}})
}
