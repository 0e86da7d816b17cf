import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const contact = 'Ponte en contacto con el sitio web.';
const unreachable =
  'No se puede conectar con el servidor de streaming. Vuelve a intentarlo o ponte en contacto con el sitio web.';
const missing = 'No se encontró ninguna cámara ni micrófono. Conecta uno y vuelve a intentarlo.';
const reopen = 'No se pudo abrir la cámara o el micrófono. Desconéctalo, conéctalo de nuevo y vuelve a intentarlo.';

export const es: Strings = {
  dir: 'ltr',
  preview: 'Vista previa',

  idle: 'Sin emitir',
  requesting: 'Permite la cámara y el micrófono en el aviso del navegador',
  requestingAudio: 'Permite el micrófono en el aviso del navegador',
  requestingVideo: 'Permite la cámara en el aviso del navegador',
  requestingScreen: 'Elige en la ventana del navegador lo que quieres compartir',
  signalling: 'Conectando…',
  connected: 'Casi en directo…',
  broadcasting: 'En directo',
  reconnecting: 'Puede que los espectadores no te vean ahora. El servidor lo está solucionando.',
  reconnecting_broadcast: 'Reconectando. No salgas de esta página.',
  pill: {
    off: 'Sin emitir',
    connecting: 'Conectando',
    reconnecting: 'Reconectando',
    output: 'Público en espera',
  },
  ended: (duration) => `Emisión terminada tras ${duration}`,
  causes: {
    network: 'Se perdió la conexión',
    server: 'Se perdió la conexión con el servidor',
    suspended: 'Este dispositivo estaba en reposo',
    tracks: 'Añadiendo la cámara o el micrófono',
    encoder: 'Reiniciando la transmisión',
  },
  offline: 'Estás sin conexión. No salgas de esta página: nos reconectaremos en cuanto vuelvas a tener conexión.',
  attempt: (_, seconds) => (seconds > 0 ? `Próximo intento en ${seconds}\u00a0s` : 'Intentándolo ahora…'),
  failures: {
    start: 'No se pudo iniciar tu emisión',
    ended: 'Tu emisión se ha interrumpido',
    devices: 'No se puede usar la cámara o el micrófono',
    blocked: 'La cámara y el micrófono están bloqueados',
    blockedAudio: 'El micrófono está bloqueado',
    blockedVideo: 'La cámara está bloqueada',
    screen: 'No se compartió la pantalla',
    setup: 'Esta emisión no está bien configurada',
  },
  errors: {
    NotAllowedError: 'Permite el acceso en la barra de direcciones y vuelve a intentarlo.',
    'blocked-by-system': 'Permítelo para el navegador en los ajustes de privacidad del sistema y vuelve a intentarlo.',
    NotReadableError: 'Puede que otra aplicación los esté usando. Ciérrala y vuelve a intentarlo.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    AbortError: reopen,
    offline: 'No tienes conexión. Compruébala y vuelve a intentarlo.',
    'wrong-address': 'La dirección de streaming parece incorrecta. Ponte en contacto con el sitio web.',
    'not-loaded':
      'No se pudo cargar una parte de esta página. Vuelve a intentarlo o ponte en contacto con el sitio web.',
    1000: 'Algo ha ido mal. Recarga la página y vuelve a intentarlo.',
    1001: contact,
    1002: contact,
    1003: contact,
    1004: contact,
    1006: contact,
    4000: unreachable,
    4001: contact,
    5001: unreachable,
    5002: 'No se pudo restablecer la conexión. Vuelve a intentarlo o ponte en contacto con el sitio web.',
    5003: 'No hay ninguna emisión en curso.',
    6001: 'No hay nada que enviar. Activa la cámara o el micrófono y vuelve a intentarlo.',
    6004: missing,
    6005: reopen,
    6006: 'No se pudo obtener la lista de cámaras y micrófonos. Recarga la página y vuelve a intentarlo.',
    6008: 'Vuelve a compartirla o elige otra ventana.',
    101001: 'El servidor de streaming tiene un problema. Vuelve a intentarlo en unos minutos.',
    102001: 'El servidor de streaming no permite esta emisión. Ponte en contacto con el sitio web.',
    103001: 'No has iniciado sesión. Recarga la página o ponte en contacto con el sitio web.',
    103003: 'Tu acceso no es válido o ha caducado. Recarga la página o ponte en contacto con el sitio web.',
    103004: 'El servidor de streaming no conoce esta emisión. Ponte en contacto con el sitio web.',
    109000: 'El servidor no pudo llevar tu emisión a los espectadores. Ponte en contacto con el sitio web.',
  },
  capture: {
    substituted: (kind, device) =>
      kind === 'videoinput'
        ? `Tu cámara se desconectó. Ahora se ve ${device || 'otra cámara'}.`
        : `Tu micrófono se desconectó. Ahora se oye ${device || 'otro micrófono'}.`,
    paused: (kind) =>
      kind === 'videoinput'
        ? 'El sistema ha pausado la cámara. Hasta que vuelva se ve una imagen vacía.'
        : 'El sistema ha pausado el micrófono. Hasta que vuelva no se te oye.',
    silent: (kind) =>
      kind === 'videoinput'
        ? 'Tu cámara no muestra nada. Comprueba si está tapada o si la usa otra aplicación.'
        : 'Tu micrófono no da sonido. Comprueba si está apagado.',
    stalled: (kind) =>
      kind === 'videoinput'
        ? 'Tu navegador no envía vídeo nuevo. Se ve una imagen fija. El envío se reanuda automáticamente.'
        : 'Tu navegador no envía sonido. El envío se reanuda automáticamente.',
    blocked: (kind) =>
      kind === 'videoinput'
        ? 'Tu cámara está bloqueada. Se ve una imagen vacía. Permítela en el navegador.'
        : 'Tu micrófono está bloqueado. No se te oye. Permítelo en el navegador.',
    missing: (kind) =>
      kind === 'videoinput'
        ? 'Tu cámara no está disponible. Se ve una imagen vacía. Conéctala, permítela o elige otra.'
        : 'Tu micrófono no está disponible. No se te oye. Conéctalo, permítelo o elige otro.',
    ended: (kind) => (kind === 'videoinput' ? 'Se ve una imagen vacía.' : 'No se te oye.'),
    unsent: (kind) =>
      kind === 'videoinput'
        ? 'No se pudo añadir tu vídeo. La emisión continúa sin él.'
        : 'No se pudo añadir tu sonido. La emisión continúa sin él.',
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'Los espectadores no oyen el sonido añadido.'
        : `${device || 'Tu cámara'} no llega a la calidad elegida. Se usa la más cercana.`,
  },
  screenEnded:
    'Se ha dejado de compartir la pantalla. Los espectadores ven una imagen vacía. Compártela otra vez o elige una cámara.',
  retry: 'Reintentar',
  details: 'Detalles',
  controlsMissing: 'No se pudieron cargar los controles. Recarga la página o ponte en contacto con el sitio web.',

  start: 'Emitir',
  stop: 'Terminar',
  cancel: 'Cancelar',
  confirmStop: '¿Terminar la emisión?',
  confirm: 'Terminar',
  keepGoing: 'Seguir en directo',

  greenRoom: 'Comprueba tu cámara y tu micrófono',
  greenRoomAudio: 'Comprueba tu micrófono',
  greenRoomVideo: 'Comprueba tu cámara',
  showPreview: 'Activar la vista previa',
  closePreview: 'Desactivar la vista previa',

  microphoneOff: 'Silenciar el micrófono',
  cameraOff: 'Apagar la cámara',
  hideScreen: 'Ocultar la pantalla',
  chooseMicrophone: 'Elegir micrófono',
  chooseCamera: 'Elegir cámara',
  shareScreen: 'Compartir pantalla',
  flipCamera: 'Cambiar de cámara',
  zoom: 'Zoom',
  torch: 'Luz',

  muted: 'Micrófono silenciado',
  mutedSpeech: 'Tu micrófono está silenciado: nadie te oye. Actívalo para hablar.',
  videoMuted: 'Cámara apagada: se ve en negro',
  screenHidden: 'Pantalla oculta: se ve en negro',
  sharingScreen: 'Estás compartiendo la pantalla',

  allowHere: 'Pulsa este botón y permite la cámara y el micrófono.',
  allow: {
    chromium: 'Haz clic en el icono a la izquierda de la dirección, permite el acceso y vuelve a intentarlo.',
    firefox: 'Haz clic en el icono tachado de la barra de direcciones, quita el bloqueo y vuelve a intentarlo.',
    safari: 'Elige Safari > Ajustes de este sitio web, permite el acceso y vuelve a intentarlo.',
    android:
      'Toca el icono a la izquierda de la dirección y después Permisos. Permite el acceso y vuelve a intentarlo.',
    ios: 'Toca el icono de página de la barra de direcciones y después Ajustes del sitio web. Permite el acceso y vuelve a intentarlo.',
  },
  quality: { good: 'Buena conexión', medium: 'Conexión débil', bad: 'Conexión muy débil' },
  weak: {
    cpu: 'Tu dispositivo está saturado: calidad reducida. Cierra otras aplicaciones.',
    bandwidth: 'Tu red es lenta: calidad reducida. Pausa otras descargas.',
    unstable: 'Tu red es inestable: los espectadores pueden notar cortes.',
    bad: 'Conexión muy débil: acércate al router.',
  },
  liveFor: 'En directo desde hace',

  settings: 'Ajustes',
  close: 'Cerrar',
  devices: 'Dispositivos',
  videoQuality: 'Calidad',
  advanced: 'Avanzado',
  videoDevice: 'Cámara',
  audioDevice: 'Micrófono',
  automatic: 'Automático',
  none: 'Ningún dispositivo',
  notConnected: 'Sin conectar',
  resolution: 'Vídeo',
  presets: {
    360: 'ahorra datos',
    480: 'para conexiones lentas',
    720: 'recomendado',
    1080: 'nítido',
    2160: 'para conexiones rápidas',
  },
  framerate: 'Fotogramas por segundo',
  videoBitrate: 'Tasa de bits máxima de vídeo',
  audioBitrate: 'Tasa de bits máxima de audio',
  audioMode: 'Sonido',
  audioModes: { speech: 'Voz', music: 'Música' },
  locked: 'Puedes cambiar vídeo, fotogramas por segundo y sonido cuando no estás emitiendo.',

  statistics: 'Conexión',
  stats: {
    video: 'Vídeo',
    audio: 'Audio',
    picture: 'Resolución',
    framerate: 'Fotogramas por segundo',
    packetLoss: 'Paquetes perdidos',
    roundTripTime: 'Tiempo de ida y vuelta',
    sendDelay: 'Retraso de envío',
  },
  chart: (now, least, most) => `Tasa de bits del último minuto: ahora ${now}, entre ${least} y ${most}`,
  chartSpan: 'Tasa de bits, último minuto',
  copy: 'Copiar detalles para el soporte',
  copied: 'Copiado',
  copyByHand: 'Copia este texto',
};

addLanguage('es', es);
