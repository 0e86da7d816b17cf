import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const missing = 'Kamera oder Mikrofon fehlen. Schließe sie an und versuche es erneut.';

export const de: Strings = {
  dir: 'ltr',

  idle: 'Nicht live',
  signalling: 'Verbindung wird aufgebaut …',
  connected: 'Verbunden, warte auf den Server …',
  broadcasting: 'Live',
  reconnecting: 'Der Server verbindet seine Ausgabe neu …',
  reconnecting_broadcast: 'Neue Verbindung …',
  failed: 'Nicht live',
  causes: {
    network: 'Die Netzwerkverbindung ist unterbrochen.',
    server: 'Der Server hat die Verbindung beendet.',
    suspended: 'Dieses Gerät war im Ruhezustand.',
    tracks: 'Eine Kamera oder ein Mikrofon kommt hinzu.',
  },
  repair: 'Verbindung wird repariert',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Versuch ${attempt} von ${maxRetries} ${seconds > 0 ? `in ${seconds}\u00a0s` : 'läuft'}`,
  errors: {
    NotAllowedError: 'Der Zugriff wurde nicht erlaubt. Erlaube ihn im Browser für diese Seite und versuche es erneut.',
    NotReadableError: 'Das Gerät lässt sich nicht öffnen: Vielleicht nutzt es ein anderes Programm.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    5001: 'Die Übertragung konnte nicht beginnen.',
    5002: 'Die Verbindung ließ sich nicht wiederherstellen.',
    6001: 'Es gibt nichts zu senden: Schalte Kamera oder Mikrofon ein.',
    6004: missing,
    6005: 'Kamera oder Mikrofon ließen sich nicht öffnen.',
    6008: 'Der Bildschirm konnte nicht aufgenommen werden.',
    101001: 'Der Server hat einen Fehler gemeldet. Versuche es später erneut.',
    102001: 'Der Server lässt diese Übertragung nicht zu.',
    103001: 'Der Server verlangt eine Anmeldung.',
    103003: 'Der Server hat die Anmeldung abgelehnt.',
    109000: 'Der Server konnte den Stream nicht weiterleiten.',
  },
  capture: {
    stalled: () => 'Der Browser kodiert kein Video mehr. Das wird gerade behoben.',
    substituted: (kind, device) =>
      `${kind === 'videoinput' ? 'Eine andere Kamera ist' : 'Ein anderes Mikrofon ist'} eingesprungen${device && `: ${device}`}.`,
    paused: (kind) => `Das System hat ${kind === 'videoinput' ? 'die Kamera' : 'das Mikrofon'} angehalten.`,
    silent: (kind) => (kind === 'videoinput' ? 'Die Kamera liefert kein Bild.' : 'Das Mikrofon liefert keinen Ton.'),
    missing: (kind) => (kind === 'videoinput' ? 'Es ist keine Kamera mehr da.' : 'Es ist kein Mikrofon mehr da.'),
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Der Ton von außen wird nicht gesendet.'
        : `Das Bild hat nicht die gewählte Größe oder Bildrate${device && `: ${device}`}.`,
  },

  preview: 'Vorschau',
  showPreview: 'Vorschau zeigen',
  closePreview: 'Vorschau schließen',
  start: 'Live gehen',
  stop: 'Beenden',
  retry: 'Erneut versuchen',
  microphoneOff: 'Mikrofon stummschalten',
  cameraOff: 'Kamera ausschalten',
  liveFor: 'Live seit',
  quality: { good: 'Gute Verbindung', medium: 'Mäßige Verbindung', bad: 'Schlechte Verbindung' },

  settings: 'Einstellungen',
  source: 'Quelle',
  sources: { camera: 'Kamera', screen: 'Bildschirm' },
  videoDevice: 'Kamera',
  audioDevice: 'Mikrofon',
  automatic: 'Automatisch',
  none: 'Keine Aufnahme',
  resolution: 'Auflösung',
  framerate: 'Bilder pro Sekunde',
  videoBitrate: 'Video-Bitrate, höchstens',
  audioBitrate: 'Audio-Bitrate, höchstens',
  audioMode: 'Ton',
  audioModes: { speech: 'Sprache', music: 'Musik' },
  locked: 'Quelle, Auflösung, Bildrate und Ton lassen sich ändern, wenn du nicht live bist.',

  statistics: 'Statistik',
  stats: {
    video: 'Video',
    audio: 'Audio',
    picture: 'Bild',
    framerate: 'Bilder pro Sekunde',
    packetLoss: 'Paketverlust',
    roundTripTime: 'Umlaufzeit',
    sendDelay: 'Sendeverzögerung',
  },
  chart: (now, least, most) => `Bitrate der letzten Minute: jetzt ${now}, zwischen ${least} und ${most}`,
  copy: 'Diagnose kopieren',
  copied: 'Kopiert',
  copyByHand: 'Diesen Text kopieren',
};

addLanguage('de', de);
