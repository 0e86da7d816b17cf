import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const contact = 'Veuillez contacter le site.';
const unreachable = 'Le serveur de diffusion est injoignable. Réessayez, ou contactez le site.';
const missing = 'Aucune caméra ni aucun micro trouvé. Branchez-en un, puis réessayez.';
const reopen = 'Impossible d’accéder à la caméra ou au micro. Débranchez l’appareil, rebranchez-le, puis réessayez.';

export const fr: Strings = {
  dir: 'ltr',
  preview: 'Aperçu',

  idle: 'Hors antenne',
  requesting: 'Autorisez la caméra et le micro dans la demande du navigateur',
  requestingAudio: 'Autorisez le micro dans la demande du navigateur',
  requestingVideo: 'Autorisez la caméra dans la demande du navigateur',
  requestingScreen: 'Choisissez dans la fenêtre du navigateur ce que vous voulez partager',
  signalling: 'Connexion…',
  connected: 'Presque en direct…',
  broadcasting: 'En direct',
  reconnecting: 'Les spectateurs ne vous voient peut-être pas en ce moment. Le serveur s’en occupe.',
  reconnecting_broadcast: 'Reconnexion en cours. Restez sur cette page.',
  pill: {
    off: 'Hors antenne',
    connecting: 'Connexion',
    reconnecting: 'Reconnexion',
    output: 'Public en attente',
  },
  ended: (duration) => `Diffusion terminée après ${duration}`,
  causes: {
    network: 'Connexion perdue',
    server: 'Connexion au serveur perdue',
    suspended: 'Cet appareil était en veille',
    tracks: 'Ajout de la caméra ou du micro',
    encoder: 'Redémarrage de la diffusion',
  },
  offline:
    'Vous êtes hors ligne. Restez sur cette page\u00a0: la diffusion reprendra dès que vous serez de nouveau en ligne.',
  attempt: (_, seconds) => (seconds > 0 ? `Prochain essai dans ${seconds}\u00a0s` : 'Essai en cours…'),
  failures: {
    start: 'Votre diffusion n’a pas pu démarrer',
    ended: 'Votre diffusion s’est interrompue',
    devices: 'La caméra ou le micro est inutilisable',
    blocked: 'La caméra et le micro sont bloqués',
    blockedAudio: 'Le micro est bloqué',
    blockedVideo: 'La caméra est bloquée',
    screen: 'Votre écran n’a pas été partagé',
    setup: 'Cette diffusion n’est pas bien configurée',
  },
  errors: {
    NotAllowedError: 'Autorisez l’accès dans la barre d’adresse, puis réessayez.',
    'blocked-by-system':
      'Autorisez-le pour votre navigateur dans les réglages de confidentialité du système, puis réessayez.',
    NotReadableError: 'Une autre application l’utilise peut-être. Fermez-la, puis réessayez.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    AbortError: reopen,
    offline: 'Vous êtes hors ligne. Vérifiez votre connexion, puis réessayez.',
    'wrong-address': 'L’adresse de diffusion semble incorrecte. Veuillez contacter le site.',
    'not-loaded': 'Une partie de cette page n’a pas pu être chargée. Réessayez, ou contactez le site.',
    1000: 'Un problème est survenu. Rechargez la page, puis réessayez.',
    1001: contact,
    1002: contact,
    1003: contact,
    1004: contact,
    1006: contact,
    4000: unreachable,
    4001: contact,
    5001: unreachable,
    5002: 'La connexion n’a pas pu être rétablie. Réessayez, ou contactez le site.',
    5003: 'Aucune diffusion n’est en cours.',
    6001: 'Il n’y a rien à envoyer. Activez la caméra ou le micro, puis réessayez.',
    6004: missing,
    6005: reopen,
    6006: 'Impossible de lister les caméras et les micros. Rechargez la page, puis réessayez.',
    6008: 'Partagez-le de nouveau, ou choisissez une autre fenêtre.',
    101001: 'Le serveur de diffusion a un problème. Réessayez dans quelques minutes.',
    102001: 'Le serveur de diffusion n’autorise pas cette diffusion. Veuillez contacter le site.',
    103001: 'Votre compte n’est pas connecté. Rechargez la page, ou contactez le site.',
    103003: 'Votre accès n’est pas valide ou a expiré. Rechargez la page, ou contactez le site.',
    103004: 'Le serveur de diffusion ne connaît pas cette diffusion. Veuillez contacter le site.',
    109000: 'Le serveur n’a pas pu transmettre votre diffusion aux spectateurs. Veuillez contacter le site.',
  },
  capture: {
    substituted: (kind, device) =>
      kind === 'videoinput'
        ? `Votre caméra a été débranchée. Les spectateurs voient maintenant ${device || 'une autre caméra'}.`
        : `Votre micro a été débranché. Les spectateurs entendent maintenant ${device || 'un autre micro'}.`,
    paused: (kind) =>
      kind === 'videoinput'
        ? 'Le système a suspendu la caméra. Les spectateurs voient une image vide jusqu’à son retour.'
        : 'Le système a suspendu le micro. Les spectateurs ne vous entendent pas jusqu’à son retour.',
    silent: (kind) =>
      kind === 'videoinput'
        ? 'Votre caméra ne montre rien. Vérifiez si elle est couverte ou utilisée par une autre application.'
        : 'Votre micro est muet. Vérifiez s’il est éteint.',
    stalled: (kind) =>
      kind === 'videoinput'
        ? 'Votre navigateur n’envoie plus de nouvelle image. Les spectateurs voient une image fixe. L’envoi reprend automatiquement.'
        : 'Votre navigateur n’envoie plus de son. L’envoi reprend automatiquement.',
    blocked: (kind) =>
      kind === 'videoinput'
        ? 'Votre caméra est bloquée. Les spectateurs voient une image vide. Autorisez-la dans le navigateur.'
        : 'Votre micro est bloqué. Les spectateurs ne vous entendent pas. Autorisez-le dans le navigateur.',
    missing: (kind) =>
      kind === 'videoinput'
        ? 'Votre caméra n’est pas disponible. Les spectateurs voient une image vide. Branchez-la, autorisez-la, ou choisissez-en une autre.'
        : 'Votre micro n’est pas disponible. Les spectateurs ne vous entendent pas. Branchez-le, autorisez-le, ou choisissez-en un autre.',
    ended: (kind) =>
      kind === 'videoinput' ? 'Les spectateurs voient une image vide.' : 'Les spectateurs ne vous entendent pas.',
    unsent: (kind) =>
      kind === 'videoinput'
        ? 'Votre vidéo n’a pas pu être ajoutée. La diffusion continue sans elle.'
        : 'Votre son n’a pas pu être ajouté. La diffusion continue sans lui.',
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Les spectateurs n’entendent pas le son ajouté.'
        : `${device || 'Votre caméra'} n’offre pas la qualité choisie. La plus proche est utilisée.`,
  },
  screenEnded:
    'Le partage d’écran est terminé. Les spectateurs voient une image vide. Partagez à nouveau l’écran ou choisissez une caméra.',
  retry: 'Réessayer',
  details: 'Détails',
  controlsMissing: 'Les commandes n’ont pas pu être chargées. Rechargez la page, ou contactez le site.',

  start: 'Passer en direct',
  stop: 'Terminer',
  cancel: 'Annuler',
  confirmStop: 'Terminer la diffusion\u00a0?',
  confirm: 'Terminer',
  keepGoing: 'Rester en direct',

  greenRoom: 'Vérifiez votre caméra et votre micro',
  greenRoomAudio: 'Vérifiez votre micro',
  greenRoomVideo: 'Vérifiez votre caméra',
  showPreview: 'Activer l’aperçu',
  closePreview: 'Désactiver l’aperçu',

  microphoneOff: 'Couper le micro',
  cameraOff: 'Couper la caméra',
  hideScreen: 'Masquer l’écran',
  chooseMicrophone: 'Choisir le micro',
  chooseCamera: 'Choisir la caméra',
  shareScreen: 'Partager l’écran',
  flipCamera: 'Changer de caméra',
  zoom: 'Zoom',
  torch: 'Lumière',

  muted: 'Micro coupé',
  mutedSpeech: 'Votre micro est coupé\u00a0: personne ne vous entend. Réactivez-le pour parler.',
  videoMuted: 'Caméra coupée\u00a0: écran noir pour les spectateurs',
  screenHidden: 'Écran masqué\u00a0: écran noir pour les spectateurs',
  sharingScreen: 'Vous partagez votre écran',

  allowHere: 'Appuyez sur ce bouton, puis autorisez la caméra et le micro.',
  allow: {
    chromium: 'Cliquez sur l’icône à gauche de l’adresse, autorisez l’accès, puis réessayez.',
    firefox: 'Cliquez sur l’icône barrée dans la barre d’adresse, levez le blocage, puis réessayez.',
    safari: 'Choisissez Safari > Réglages pour ce site web, autorisez l’accès, puis réessayez.',
    android: 'Touchez l’icône à gauche de l’adresse, puis Autorisations. Autorisez l’accès, puis réessayez.',
    ios: 'Touchez l’icône de page dans la barre d’adresse, puis Réglages du site web. Autorisez l’accès, puis réessayez.',
  },
  quality: { good: 'Bonne connexion', medium: 'Connexion faible', bad: 'Connexion très faible' },
  weak: {
    cpu: 'Votre appareil est surchargé\u00a0: qualité réduite. Fermez d’autres applications.',
    bandwidth: 'Votre réseau est lent\u00a0: qualité réduite. Suspendez les autres téléchargements.',
    unstable: 'Votre réseau est instable\u00a0: l’image peut se figer chez les spectateurs.',
    bad: 'Connexion très faible\u00a0: rapprochez-vous de votre box.',
  },
  liveFor: 'Durée du direct',

  settings: 'Réglages',
  close: 'Fermer',
  devices: 'Appareils',
  videoQuality: 'Qualité',
  advanced: 'Avancé',
  videoDevice: 'Caméra',
  audioDevice: 'Micro',
  automatic: 'Automatique',
  none: 'Aucun appareil',
  notConnected: 'Indisponible',
  resolution: 'Vidéo',
  presets: {
    360: 'économise les données',
    480: 'pour connexions lentes',
    720: 'recommandé',
    1080: 'net',
    2160: 'pour connexions rapides',
  },
  framerate: 'Images par seconde',
  videoBitrate: 'Débit vidéo maximal',
  audioBitrate: 'Débit audio maximal',
  audioMode: 'Son',
  audioModes: { speech: 'Voix', music: 'Musique' },
  locked: 'Vous pouvez changer la vidéo, les images par seconde et le son quand vous n’êtes pas en direct.',

  statistics: 'Connexion',
  stats: {
    video: 'Vidéo',
    audio: 'Audio',
    picture: 'Résolution',
    framerate: 'Images par seconde',
    packetLoss: 'Paquets perdus',
    roundTripTime: 'Temps aller-retour',
    sendDelay: 'Délai d’envoi',
  },
  chart: (now, least, most) => `Débit de la dernière minute : ${now} maintenant, entre ${least} et ${most}`,
  chartSpan: 'Débit, dernière minute',
  copy: 'Copier les détails pour l’assistance',
  copied: 'Copié',
  copyByHand: 'Copiez ce texte',
};

addLanguage('fr', fr);
