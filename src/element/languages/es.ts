import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const missing = 'Falta la cámara o el micrófono. Conéctalo y vuelve a intentarlo.';

export const es: Strings = {
  dir: 'ltr',

  idle: 'Sin emitir',
  signalling: 'Conectando…',
  connected: 'Conectado, esperando al servidor…',
  broadcasting: 'En directo',
  reconnecting: 'El servidor está reconectando su salida…',
  reconnecting_broadcast: 'Reconectando…',
  failed: 'Sin emitir',
  causes: {
    network: 'Se ha perdido la conexión de red.',
    server: 'El servidor ha cerrado la conexión.',
    suspended: 'Este dispositivo estaba en reposo.',
    tracks: 'Se añade una cámara o un micrófono.',
  },
  repair: 'Reparando la conexión',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `Intento ${attempt} de ${maxRetries} ${seconds > 0 ? `en ${seconds}\u00a0s` : 'en curso'}`,
  errors: {
    NotAllowedError: 'No se ha concedido el acceso. Permítelo en el navegador para esta página y vuelve a intentarlo.',
    NotReadableError: 'No se puede abrir el dispositivo: quizá lo esté usando otro programa.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    5001: 'No se ha podido iniciar la emisión.',
    5002: 'No se ha podido recuperar la conexión.',
    6001: 'No hay nada que emitir: activa la cámara o el micrófono.',
    6004: missing,
    6005: 'No se ha podido abrir la cámara o el micrófono.',
    6008: 'No se ha podido capturar la pantalla.',
    101001: 'El servidor ha comunicado un error. Vuelve a intentarlo más tarde.',
    102001: 'El servidor no permite esta emisión.',
    103001: 'El servidor exige identificarse.',
    103003: 'El servidor ha rechazado la identificación.',
    109000: 'El servidor no ha podido reenviar la emisión.',
  },
  capture: {
    stalled: () => 'El navegador ha dejado de codificar el vídeo. Se está reiniciando.',
    substituted: (kind, device) =>
      `${kind === 'videoinput' ? 'Otra cámara' : 'Otro micrófono'} ha tomado el relevo${device && `: ${device}`}.`,
    paused: (kind) => `El sistema ha puesto en pausa ${kind === 'videoinput' ? 'la cámara' : 'el micrófono'}.`,
    silent: (kind) => (kind === 'videoinput' ? 'La cámara no da imagen.' : 'El micrófono no da sonido.'),
    missing: (kind) => (kind === 'videoinput' ? 'Ya no hay ninguna cámara.' : 'Ya no hay ningún micrófono.'),
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'El sonido externo no se envía.'
        : `La imagen no tiene el tamaño o la frecuencia elegidos${device && `: ${device}`}.`,
  },

  preview: 'Vista previa',
  showPreview: 'Ver vista previa',
  closePreview: 'Cerrar vista previa',
  start: 'Emitir',
  stop: 'Detener',
  retry: 'Reintentar',
  microphoneOff: 'Silenciar el micrófono',
  cameraOff: 'Apagar la cámara',
  liveFor: 'En directo desde hace',
  quality: { good: 'Buena conexión', medium: 'Conexión regular', bad: 'Mala conexión' },

  settings: 'Ajustes',
  source: 'Fuente',
  sources: { camera: 'Cámara', screen: 'Pantalla' },
  videoDevice: 'Cámara',
  audioDevice: 'Micrófono',
  automatic: 'Automático',
  none: 'Ninguno',
  resolution: 'Resolución',
  framerate: 'Fotogramas por segundo',
  videoBitrate: 'Tasa de vídeo máxima',
  audioBitrate: 'Tasa de audio máxima',
  audioMode: 'Sonido',
  audioModes: { speech: 'Voz', music: 'Música' },
  locked: 'La fuente, la resolución, los fotogramas y el sonido se pueden cambiar cuando no se está emitiendo.',

  statistics: 'Estadísticas',
  stats: {
    video: 'Vídeo',
    audio: 'Audio',
    picture: 'Imagen',
    framerate: 'Fotogramas por segundo',
    packetLoss: 'Paquetes perdidos',
    roundTripTime: 'Ida y vuelta',
    sendDelay: 'Retardo de envío',
  },
  chart: (now, least, most) => `Tasa del último minuto: ahora ${now}, entre ${least} y ${most}`,
  copy: 'Copiar diagnóstico',
  copied: 'Copiado',
  copyByHand: 'Copia este texto',
};

addLanguage('es', es);
