import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const missing = 'La caméra ou le micro manque. Branchez-le, puis réessayez.';

export const fr: Strings = {
  dir: 'ltr',

  idle: 'Hors antenne',
  signalling: 'Connexion…',
  connected: 'Connecté, en attente du serveur…',
  broadcasting: 'En direct',
  reconnecting: 'Le serveur rétablit sa sortie…',
  reconnecting_broadcast: 'Reconnexion…',
  failed: 'Hors antenne',
  causes: {
    network: 'La connexion au réseau est interrompue.',
    server: 'Le serveur a fermé la connexion.',
    suspended: 'Cet appareil était en veille.',
    tracks: 'Une caméra ou un micro s’ajoute.',
  },
  repair: 'Réparation de la connexion',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Tentative ${attempt} sur ${maxRetries} ${seconds > 0 ? `dans ${seconds}\u00a0s` : 'en cours'}`,
  errors: {
    NotAllowedError: 'L’accès n’a pas été autorisé. Autorisez-le dans le navigateur pour cette page, puis réessayez.',
    NotReadableError: 'L’appareil ne peut pas être ouvert : un autre programme l’utilise peut-être.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    5001: 'La diffusion n’a pas pu commencer.',
    5002: 'La connexion n’a pas pu être rétablie.',
    6001: 'Il n’y a rien à diffuser : activez la caméra ou le micro.',
    6004: missing,
    6005: 'La caméra ou le micro n’a pas pu être ouvert.',
    6008: 'L’écran n’a pas pu être capturé.',
    101001: 'Le serveur a signalé une erreur. Réessayez plus tard.',
    102001: 'Le serveur n’autorise pas cette diffusion.',
    103001: 'Le serveur exige une identification.',
    103003: 'Le serveur a refusé l’identification.',
    109000: 'Le serveur n’a pas pu retransmettre la diffusion.',
  },
  capture: {
    stalled: () => 'Le navigateur n’encode plus la vidéo. Redémarrage en cours.',
    substituted: (kind, device) =>
      `${kind === 'videoinput' ? 'Une autre caméra' : 'Un autre micro'} a pris le relais${device && ` : ${device}`}.`,
    paused: (kind) => `Le système a mis ${kind === 'videoinput' ? 'la caméra' : 'le micro'} en pause.`,
    silent: (kind) => (kind === 'videoinput' ? 'La caméra ne donne pas d’image.' : 'Le micro ne donne pas de son.'),
    missing: (kind) => (kind === 'videoinput' ? 'Il n’y a plus de caméra.' : 'Il n’y a plus de micro.'),
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Le son externe n’est pas envoyé.'
        : `L’image n’a pas la taille ou la cadence choisie${device && ` : ${device}`}.`,
  },

  preview: 'Aperçu',
  showPreview: 'Afficher l’aperçu',
  closePreview: 'Fermer l’aperçu',
  start: 'Passer en direct',
  stop: 'Arrêter',
  retry: 'Réessayer',
  microphoneOff: 'Couper le micro',
  cameraOff: 'Couper la caméra',
  liveFor: 'En direct depuis',
  quality: { good: 'Bonne connexion', medium: 'Connexion moyenne', bad: 'Mauvaise connexion' },

  settings: 'Réglages',
  source: 'Source',
  sources: { camera: 'Caméra', screen: 'Écran' },
  videoDevice: 'Caméra',
  audioDevice: 'Micro',
  automatic: 'Automatique',
  none: 'Aucun',
  resolution: 'Résolution',
  framerate: 'Images par seconde',
  videoBitrate: 'Débit vidéo maximal',
  audioBitrate: 'Débit audio maximal',
  audioMode: 'Son',
  audioModes: { speech: 'Voix', music: 'Musique' },
  locked: 'La source, la résolution, les images et le son se règlent hors antenne.',

  statistics: 'Statistiques',
  stats: {
    video: 'Vidéo',
    audio: 'Audio',
    picture: 'Image',
    framerate: 'Images par seconde',
    packetLoss: 'Paquets perdus',
    roundTripTime: 'Aller-retour',
    sendDelay: 'Délai d’envoi',
  },
  chart: (now, least, most) => `Débit de la dernière minute : ${now} maintenant, entre ${least} et ${most}`,
  copy: 'Copier le diagnostic',
  copied: 'Copié',
  copyByHand: 'Copiez ce texte',
};

addLanguage('fr', fr);
