import { expect } from '@open-wc/testing';
import { ERROR_TYPES, type ErrorCode } from '../../src/core/api/errors.js';
import { CAPTURE_STATES, type ReconnectInfo } from '../../src/core/api/events.js';
import { permissionPlace } from '../../src/element/controls/permission-place.js';
import type { Failure, FailureFacts, ViewModel } from '../../src/element/controls/model.js';
import { ar } from '../../src/element/languages/ar.js';
import { de } from '../../src/element/languages/de.js';
import { en } from '../../src/element/languages/en.js';
import { es } from '../../src/element/languages/es.js';
import { fr } from '../../src/element/languages/fr.js';
import { ja } from '../../src/element/languages/ja.js';
import { classifyFailure, failureMessage, joined, refusalSentence } from '../../src/element/sentences.js';
import type { Strings } from '../../src/index.js';

const LANGUAGES: Record<string, Strings> = { en, ar, de, es, fr, ja };
const CODES = Object.keys(ERROR_TYPES).map(Number) as ErrorCode[];
const KINDS = ['videoinput', 'audioinput'] as const;
const STEPS = ['preview', 'start', 'broadcast'] as const;
const CAUSES = ['', 'NotAllowedError', 'NotReadableError', 'NotFoundError', 'OverconstrainedError', 'AbortError'];
const RECONNECT = { cause: 'network', attempt: 1, maxRetries: 3, delay: 3, lostAt: 0 } as ReconnectInfo;

/** What nobody on air has to know. */
const TECHNICAL = /\b(HTTPS?|SDP|ICE|POST|PATCH|DELETE|CORS|WHIP|WebRTC|RTMP|URL|DTLS|STUN|TURN|\w+Error)\b/;

function failure(given: Partial<FailureFacts>): Failure {
  const facts: FailureFacts = {
    step: 'start',
    code: 5001,
    causeName: '',
    causeStatus: null,
    isOffline: false,
    asked: '',
    isBlockedBySystem: false,
    message: 'Technical text.',
    ...given,
  };
  return { ...facts, ...classifyFailure(facts) };
}

/** Every text of a language, with what its functions say. */
function texts(strings: Strings): string[] {
  const said = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value ? Object.values(value).flatMap(said) : [];
  };
  const captured = Object.values(strings.capture).flatMap((toText) =>
    KINDS.flatMap((kind) => [toText(kind, ''), toText(kind, 'Studio Camera')]),
  );
  const counted = [strings.attempt(RECONNECT, 0), strings.attempt(RECONNECT, 3)];
  return [...said(strings), ...captured, ...counted, strings.ended('12:34'), strings.chart('1', '2', '3')];
}

describe('The sentences of <nano-webcaster>', () => {
  for (const [tag, strings] of Object.entries(LANGUAGES)) {
    describe(`in ${tag}`, () => {
      it('exist for every error code, in every step and with every cause', () => {
        for (const code of CODES) {
          for (const step of STEPS) {
            for (const causeName of CAUSES) {
              const { headline, sentence } = failureMessage(failure({ code, step, causeName }), strings);
              expect(headline, `${code} ${step} ${causeName}`).to.match(/\p{L}{3,}/u);
              expect(sentence, `${code} ${step} ${causeName}`).to.match(/\p{L}{3,}.*[.。]$/u);
            }
          }
        }
      });

      it('are joined by the full stop of the language, and a headline alone stays as it is', () => {
        const { headline, sentence } = failureMessage(failure({ code: 6004 }), strings);
        const stop = tag === 'ja' ? '。' : '. ';
        expect(joined({ headline, sentence })).to.equal(headline + stop + sentence);
        expect(joined({ headline, sentence: '' })).to.equal(headline);
      });

      it('exist for every error code under its own name', () => {
        expect(Object.keys(strings.errors)).to.include.members(CODES.map(String));
      });

      it('exist for every state of camera and microphone, with and without a label', () => {
        for (const state of CAPTURE_STATES.filter((each) => each !== 'live')) {
          for (const kind of KINDS) {
            for (const device of ['', 'Studio Camera']) {
              expect(strings.capture[state](kind, device), state).to.match(/\p{L}{3,}.*[.。]$/u);
            }
          }
        }
      });

      it('differ for camera and microphone', () => {
        for (const toText of Object.values(strings.capture)) {
          expect(toText('videoinput', '')).to.not.equal(toText('audioinput', ''));
        }
      });

      it('contain no technical term', () => {
        expect(texts(strings).filter((text) => TECHNICAL.test(text))).to.deep.equal([]);
      });

      it('are never empty and never have space at an end', () => {
        expect(texts(strings).filter((text) => text.trim() !== text || text === '')).to.deep.equal([]);
      });

      it('count the seconds until the next try', () => {
        expect(strings.attempt(RECONNECT, 3)).to.include('3');
        expect(strings.attempt(RECONNECT, 0)).to.not.match(/\d/);
      });

      it('say how long a broadcast was', () => {
        expect(strings.ended('12:34')).to.include('12:34');
      });
    });
  }

  it('would be caught with a technical term in them', () => {
    expect('The server answered POST with 503').to.match(TECHNICAL);
    expect('Denied (NotAllowedError)').to.match(TECHNICAL);
    expect('Nice choice, and a post').to.not.match(TECHNICAL);
  });

  it('send the person to the site if the page is wrong, whatever the step', () => {
    for (const code of [1001, 1002, 1003, 1004, 1006, 4001]) {
      const { headline, sentence } = failureMessage(failure({ code }), en);
      expect(headline).to.equal('This broadcast isn’t set up correctly');
      expect(sentence).to.equal('Please contact the site.');
    }
  });

  it('blame the page for a frame without permission, and not the person', () => {
    const message = 'It was not allowed. In an iframe it needs allow="camera", and no Permissions-Policy against it.';
    const denied = failure({ code: 6005, causeName: 'NotAllowedError', message });
    expect(denied.headline).to.equal('setup');
    expect(failure({ code: 6005, causeName: 'NotAllowedError' }).headline).to.equal('blocked');
  });

  it('tell a denial by the person from one by the system', () => {
    const denied = { code: 6005, causeName: 'NotAllowedError' };
    expect(classifyFailure(failure(denied)).sentence).to.equal('NotAllowedError');
    expect(classifyFailure(failure({ ...denied, isBlockedBySystem: true })).sentence).to.equal('blocked-by-system');
  });

  it('tell a screen that was not shared from a camera that is blocked', () => {
    const { headline } = classifyFailure(failure({ code: 6008, causeName: 'NotAllowedError' }));
    expect(headline).to.equal('screen');
  });

  it('say of a screen that the system blocks where to allow it: no other window can be shared either', () => {
    const blocked = failure({ code: 6008, causeName: 'NotAllowedError', isBlockedBySystem: true });
    expect(classifyFailure(blocked)).to.deep.equal({ headline: 'screen', sentence: 'blocked-by-system' });
  });

  it('say of a live broadcast that it ended, and of another one that it could not start', () => {
    expect(classifyFailure(failure({ step: 'broadcast', code: 5002 })).headline).to.equal('ended');
    expect(classifyFailure(failure({ code: 5001 })).headline).to.equal('start');
    expect(classifyFailure(failure({ step: 'preview', code: 6005 })).headline).to.equal('devices');
  });

  it('ask to check the connection only if the browser is offline', () => {
    for (const code of [1000, 4000, 5001, 5002]) {
      for (const step of ['start', 'broadcast'] as const) {
        const { headline, sentence } = failureMessage(failure({ code, step, isOffline: true }), en);
        expect(sentence).to.equal('You’re offline. Check your connection, then try again.');
        expect(headline).to.equal(step === 'start' ? en.failures.start : en.failures.ended);
      }
    }
    for (const code of [4000, 5001]) {
      const { sentence } = failureMessage(failure({ code }), en);
      expect(sentence).to.equal('We couldn’t connect to the streaming server. Try again, or contact the site.');
    }
  });

  it('tell a file that was not loaded from other mistakes', () => {
    const { sentence } = failureMessage(
      failure({ code: 1000, message: 'broadcast.min.js could not be loaded: 404' }),
      en,
    );
    expect(sentence).to.equal('Part of this page couldn’t be loaded. Try again, or contact the site.');
    expect(failureMessage(failure({ code: 1000 }), en).sentence).to.equal(en.errors[1000]);
  });

  it('name the address for what is no streaming server: a missing page, a web page, another protocol', () => {
    for (const causeStatus of [200, 204, 301, 404, 405, 415]) {
      for (const isOffline of [false, true]) {
        const { sentence } = failureMessage(failure({ causeStatus, isOffline }), en);
        expect(sentence, String(causeStatus)).to.equal(
          'The streaming address seems to be wrong. Please contact the site.',
        );
      }
    }
  });

  it('do not blame the address for other answers, nor for a broadcast that was live', () => {
    for (const causeStatus of [null, 409, 422, 425, 429]) {
      expect(classifyFailure(failure({ causeStatus })).sentence, String(causeStatus)).to.equal(5001);
    }
    expect(classifyFailure(failure({ step: 'broadcast', code: 5002, causeStatus: 404 })).sentence).to.equal(5002);
    expect(classifyFailure(failure({ code: 103004, causeStatus: 404 })).sentence).to.equal(103004);
  });

  it('say of a server that refused the broadcast that it does not allow it', () => {
    for (const causeStatus of [400, 403, 406]) {
      expect(classifyFailure(failure({ causeStatus })).sentence, String(causeStatus)).to.equal(102001);
    }
  });

  it('do not name the microphone if a camera is denied while live, and not the camera if it is the microphone', () => {
    const refusal = failure({ step: 'preview', code: 6005, causeName: 'NotAllowedError', asked: undefined });
    const said = refusalSentence({ refusal } as ViewModel, en);
    expect(said).to.equal(`${en.failures.devices}. ${en.errors.NotAllowedError}`);
  });

  it('have a sentence for an error that they do not know', () => {
    const { sentence } = failureMessage(failure({ code: 7777 }), en);
    expect(sentence).to.equal(en.errors[1000]);
  });

  const AGENTS = {
    chromium: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    safari:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    android:
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
    ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1',
  };

  for (const [place, agent] of Object.entries(AGENTS)) {
    it(`say where to allow the camera in ${place}`, () => {
      expect(permissionPlace(agent)).to.equal(place);
      for (const strings of Object.values(LANGUAGES)) {
        expect(strings.allow[permissionPlace(agent)]).to.match(/\p{L}{3,}.*[.。]$/u);
      }
    });
  }

  it('send unknown browsers to the address bar', () => {
    expect(permissionPlace('')).to.equal('chromium');
  });
});
