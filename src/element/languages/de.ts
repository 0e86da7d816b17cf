import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const contact = 'Bitte wende dich an den Betreiber der Seite.';
const unreachable =
  'Der Streaming-Server ist nicht erreichbar. Versuch es noch einmal, oder wende dich an den Betreiber der Seite.';
const missing = 'Keine Kamera und kein Mikrofon gefunden. Schließ eins an und versuch es noch einmal.';
const reopen =
  'Kamera oder Mikrofon lassen sich nicht öffnen. Zieh das Gerät ab, steck es wieder ein und versuch es noch einmal.';

export const de: Strings = {
  dir: 'ltr',
  preview: 'Vorschau',

  idle: 'Nicht live',
  requesting: 'Erlaube Kamera und Mikrofon in der Abfrage deines Browsers',
  requestingAudio: 'Erlaube das Mikrofon in der Abfrage deines Browsers',
  requestingVideo: 'Erlaube die Kamera in der Abfrage deines Browsers',
  requestingScreen: 'Wähle im Fenster deines Browsers aus, was du teilen möchtest',
  signalling: 'Verbinden …',
  connected: 'Fast live …',
  broadcasting: 'Live',
  reconnecting: 'Zuschauer sehen dich gerade vielleicht nicht. Der Server behebt das.',
  reconnecting_broadcast: 'Die Verbindung wird wiederhergestellt. Bleib auf dieser Seite.',
  pill: {
    off: 'Nicht live',
    connecting: 'Verbindet',
    reconnecting: 'Verbindet neu',
    output: 'Zuschauer warten',
  },
  ended: (duration) => `Übertragung nach ${duration} beendet`,
  causes: {
    network: 'Verbindung unterbrochen',
    server: 'Verbindung zum Server unterbrochen',
    suspended: 'Dieses Gerät war im Ruhezustand',
    tracks: 'Kamera oder Mikrofon kommt hinzu',
    encoder: 'Die Übertragung wird neu gestartet',
  },
  offline:
    'Du bist offline. Bleib auf dieser Seite: Die Verbindung wird wiederhergestellt, sobald du wieder online bist.',
  attempt: (_, seconds) => (seconds > 0 ? `Nächster Versuch in ${seconds}\u00a0s` : 'Versuch läuft …'),
  failures: {
    start: 'Deine Übertragung konnte nicht starten',
    ended: 'Deine Übertragung ist abgebrochen',
    devices: 'Kamera oder Mikrofon sind nicht nutzbar',
    blocked: 'Kamera und Mikrofon sind blockiert',
    blockedAudio: 'Das Mikrofon ist blockiert',
    blockedVideo: 'Die Kamera ist blockiert',
    screen: 'Dein Bildschirm wurde nicht geteilt',
    setup: 'Diese Übertragung ist nicht richtig eingerichtet',
  },
  errors: {
    NotAllowedError: 'Erlaube den Zugriff in der Adressleiste und versuch es noch einmal.',
    'blocked-by-system':
      'Erlaube es deinem Browser in den Datenschutz-Einstellungen deines Systems und versuch es noch einmal.',
    NotReadableError: 'Vielleicht nutzt sie ein anderes Programm. Schließ es und versuch es noch einmal.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    AbortError: reopen,
    offline: 'Du bist offline. Prüfe deine Verbindung und versuch es noch einmal.',
    'wrong-address': 'Die Streaming-Adresse scheint falsch zu sein. Bitte wende dich an den Betreiber der Seite.',
    'not-loaded':
      'Ein Teil dieser Seite konnte nicht geladen werden. Versuch es noch einmal, oder wende dich an den Betreiber der Seite.',
    1000: 'Etwas ist schiefgegangen. Lade die Seite neu und versuch es noch einmal.',
    1001: contact,
    1002: contact,
    1003: contact,
    1004: contact,
    1006: contact,
    4000: unreachable,
    4001: contact,
    5001: unreachable,
    5002: 'Die Verbindung ließ sich nicht wiederherstellen. Versuch es noch einmal, oder wende dich an den Betreiber der Seite.',
    5003: 'Es läuft keine Übertragung.',
    6001: 'Es gibt nichts zu senden. Schalte Kamera oder Mikrofon ein und versuch es noch einmal.',
    6004: missing,
    6005: reopen,
    6006: 'Kameras und Mikrofone ließen sich nicht auflisten. Lade die Seite neu und versuch es noch einmal.',
    6008: 'Teile ihn noch einmal, oder wähle ein anderes Fenster.',
    101001: 'Der Streaming-Server hat ein Problem. Versuch es in ein paar Minuten noch einmal.',
    102001: 'Der Streaming-Server lässt diese Übertragung nicht zu. Bitte wende dich an den Betreiber der Seite.',
    103001: 'Du bist nicht angemeldet. Lade die Seite neu, oder wende dich an ihren Betreiber.',
    103003: 'Dein Zugang ist ungültig oder abgelaufen. Lade die Seite neu, oder wende dich an ihren Betreiber.',
    103004: 'Der Streaming-Server kennt diese Übertragung nicht. Bitte wende dich an den Betreiber der Seite.',
    109000: 'Der Server konnte deine Übertragung nicht weitergeben. Bitte wende dich an den Betreiber der Seite.',
  },
  capture: {
    substituted: (kind, device) =>
      kind === 'videoinput'
        ? `Deine Kamera wurde getrennt. Zuschauer sehen jetzt ${device || 'eine andere Kamera'}.`
        : `Dein Mikrofon wurde getrennt. Zuschauer hören jetzt ${device || 'ein anderes Mikrofon'}.`,
    paused: (kind) =>
      kind === 'videoinput'
        ? 'Dein System hat die Kamera angehalten. Zuschauer sehen so lange ein leeres Bild.'
        : 'Dein System hat das Mikrofon angehalten. Zuschauer hören dich so lange nicht.',
    silent: (kind) =>
      kind === 'videoinput'
        ? 'Deine Kamera zeigt nichts. Prüfe, ob sie verdeckt ist oder ein anderes Programm sie nutzt.'
        : 'Dein Mikrofon ist stumm. Prüfe, ob es ausgeschaltet ist.',
    stalled: (kind) =>
      kind === 'videoinput'
        ? 'Dein Browser sendet gerade kein neues Bild. Zuschauer sehen ein Standbild. Es wird automatisch behoben.'
        : 'Dein Browser sendet gerade keinen Ton. Es wird automatisch behoben.',
    blocked: (kind) =>
      kind === 'videoinput'
        ? 'Deine Kamera ist blockiert. Zuschauer sehen ein leeres Bild. Erlaube sie im Browser.'
        : 'Dein Mikrofon ist blockiert. Zuschauer hören dich nicht. Erlaube es im Browser.',
    missing: (kind) =>
      kind === 'videoinput'
        ? 'Deine Kamera ist nicht verfügbar. Zuschauer sehen ein leeres Bild. Schließ sie an, erlaube sie oder wähle eine andere.'
        : 'Dein Mikrofon ist nicht verfügbar. Zuschauer hören dich nicht. Schließ es an, erlaube es oder wähle ein anderes.',
    ended: (kind) => (kind === 'videoinput' ? 'Zuschauer sehen ein leeres Bild.' : 'Zuschauer hören dich nicht.'),
    unsent: (kind) =>
      kind === 'videoinput'
        ? 'Dein Bild ließ sich nicht hinzufügen. Die Übertragung geht ohne Bild weiter.'
        : 'Dein Ton ließ sich nicht hinzufügen. Die Übertragung geht ohne Ton weiter.',
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Zuschauer hören den zusätzlichen Ton nicht.'
        : `${device || 'Deine Kamera'} schafft die gewählte Qualität nicht. Verwendet wird die ähnlichste.`,
  },
  screenEnded:
    'Die Bildschirmfreigabe ist beendet. Zuschauer sehen ein leeres Bild. Teile den Bildschirm noch einmal oder wähle eine Kamera.',
  retry: 'Noch einmal versuchen',
  details: 'Details',
  controlsMissing:
    'Die Bedienelemente konnten nicht geladen werden. Lade die Seite neu, oder wende dich an ihren Betreiber.',

  start: 'Live gehen',
  stop: 'Beenden',
  cancel: 'Abbrechen',
  confirmStop: 'Übertragung beenden?',
  confirm: 'Beenden',
  keepGoing: 'Live bleiben',

  greenRoom: 'Prüfe Kamera und Mikrofon',
  greenRoomAudio: 'Prüfe dein Mikrofon',
  greenRoomVideo: 'Prüfe deine Kamera',
  showPreview: 'Vorschau einschalten',
  closePreview: 'Vorschau ausschalten',

  microphoneOff: 'Mikrofon stummschalten',
  cameraOff: 'Kamera ausschalten',
  hideScreen: 'Bildschirm ausblenden',
  chooseMicrophone: 'Mikrofon wählen',
  chooseCamera: 'Kamera wählen',
  shareScreen: 'Bildschirm teilen',
  flipCamera: 'Kamera wechseln',
  zoom: 'Zoom',
  torch: 'Licht',

  muted: 'Stummgeschaltet',
  mutedSpeech: 'Du bist stummgeschaltet: Niemand hört dich. Schalte dein Mikrofon ein, um zu sprechen.',
  videoMuted: 'Kamera aus: Zuschauer sehen ein schwarzes Bild',
  screenHidden: 'Bildschirm ausgeblendet: Zuschauer sehen ein schwarzes Bild',
  sharingScreen: 'Du teilst deinen Bildschirm',

  allowHere: 'Drück diesen Knopf und erlaube dann Kamera und Mikrofon.',
  allow: {
    chromium: 'Klick auf das Symbol links neben der Adresse, erlaube den Zugriff und versuch es noch einmal.',
    firefox:
      'Klick auf das durchgestrichene Symbol in der Adressleiste, heb die Sperre auf und versuch es noch einmal.',
    safari: 'Wähle Safari > Einstellungen für diese Website, erlaube den Zugriff und versuch es noch einmal.',
    android:
      'Tipp auf das Symbol links neben der Adresse, dann auf Berechtigungen. Erlaube den Zugriff und versuch es noch einmal.',
    ios: 'Tipp auf das Seitensymbol in der Adressleiste, dann auf Website-Einstellungen. Erlaube den Zugriff und versuch es noch einmal.',
  },
  quality: { good: 'Gute Verbindung', medium: 'Schwache Verbindung', bad: 'Sehr schwache Verbindung' },
  weak: {
    cpu: 'Dein Gerät ist ausgelastet: Qualität verringert. Schließ andere Programme.',
    bandwidth: 'Dein Netz ist langsam: Qualität verringert. Halte andere Downloads an.',
    unstable: 'Dein Netz ist instabil: Das Bild kann bei den Zuschauern stocken.',
    bad: 'Sehr schwache Verbindung: Geh näher an deinen Router.',
  },
  liveFor: 'Live-Dauer',

  settings: 'Einstellungen',
  close: 'Schließen',
  devices: 'Geräte',
  videoQuality: 'Qualität',
  advanced: 'Erweitert',
  videoDevice: 'Kamera',
  audioDevice: 'Mikrofon',
  automatic: 'Automatisch',
  none: 'Kein Gerät',
  notConnected: 'Nicht verbunden',
  resolution: 'Video',
  presets: {
    360: 'spart Daten',
    480: 'für langsame Verbindungen',
    720: 'empfohlen',
    1080: 'scharf',
    2160: 'für schnelle Verbindungen',
  },
  framerate: 'Bilder pro Sekunde',
  videoBitrate: 'Maximale Video-Bitrate',
  audioBitrate: 'Maximale Audio-Bitrate',
  audioMode: 'Ton',
  audioModes: { speech: 'Sprache', music: 'Musik' },
  locked: 'Video, Bilder pro Sekunde und Ton lassen sich ändern, wenn du nicht live bist.',

  statistics: 'Verbindung',
  stats: {
    video: 'Video',
    audio: 'Audio',
    picture: 'Auflösung',
    framerate: 'Bilder pro Sekunde',
    packetLoss: 'Paketverlust',
    roundTripTime: 'Umlaufzeit',
    sendDelay: 'Sendeverzögerung',
  },
  chart: (now, least, most) => `Bitrate der letzten Minute: jetzt ${now}, zwischen ${least} und ${most}`,
  chartSpan: 'Bitrate, letzte Minute',
  copy: 'Details für den Support kopieren',
  copied: 'Kopiert',
  copyByHand: 'Kopiere diesen Text',
};

addLanguage('de', de);
