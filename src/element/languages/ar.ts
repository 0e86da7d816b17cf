import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const missing = 'الكاميرا أو الميكروفون غير موجود. صِله ثم حاول مرة أخرى.';

export const ar: Strings = {
  dir: 'rtl',

  idle: 'لا يوجد بث',
  signalling: 'جارٍ الاتصال…',
  connected: 'تم الاتصال، في انتظار الخادم…',
  broadcasting: 'بث مباشر',
  reconnecting: 'الخادم يعيد توصيل مخرجه…',
  reconnecting_broadcast: 'جارٍ إعادة الاتصال…',
  failed: 'لا يوجد بث',
  causes: {
    network: 'انقطع الاتصال بالشبكة.',
    server: 'أغلق الخادم الاتصال.',
    suspended: 'كان هذا الجهاز في وضع السكون.',
    tracks: 'تُضاف كاميرا أو ميكروفون إلى البث.',
  },
  repair: 'جارٍ إصلاح الاتصال',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `المحاولة ${attempt} من ${maxRetries} ${seconds > 0 ? `بعد ${seconds}\u00a0ث` : 'جارية'}`,
  errors: {
    NotAllowedError: 'لم يُسمح بالوصول. اسمح به لهذه الصفحة في المتصفح ثم حاول مرة أخرى.',
    NotReadableError: 'تعذّر فتح الجهاز: ربما يستخدمه برنامج آخر.',
    NotFoundError: missing,
    OverconstrainedError: missing,
    5001: 'تعذّر بدء البث.',
    5002: 'تعذّرت استعادة الاتصال.',
    6001: 'لا يوجد ما يُبث: شغّل الكاميرا أو الميكروفون.',
    6004: missing,
    6005: 'تعذّر فتح الكاميرا أو الميكروفون.',
    6008: 'تعذّر التقاط الشاشة.',
    101001: 'أبلغ الخادم عن خطأ. حاول لاحقًا.',
    102001: 'لا يسمح الخادم بهذا البث.',
    103001: 'يتطلب الخادم تسجيل الدخول.',
    103003: 'رفض الخادم تسجيل الدخول.',
    109000: 'تعذّر على الخادم تمرير البث.',
  },
  capture: {
    stalled: () => 'توقف المتصفح عن ترميز الفيديو. تجري إعادة تشغيله.',
    substituted: (kind, device) =>
      `${kind === 'videoinput' ? 'حلّت كاميرا أخرى محلها' : 'حلّ ميكروفون آخر محله'}${device && `: ${device}`}.`,
    paused: (kind) => `أوقف النظام ${input(kind)} مؤقتًا.`,
    silent: (kind) => (kind === 'videoinput' ? 'لا تصل صورة من الكاميرا.' : 'لا يصل صوت من الميكروفون.'),
    missing: (kind) => (kind === 'videoinput' ? 'لم تعد هناك كاميرا.' : 'لم يعد هناك ميكروفون.'),
    different: (kind, device) =>
      kind === 'audioinput'
        ? 'الصوت الخارجي لا يُرسَل.'
        : `الصورة ليست بالحجم أو معدل الإطارات المختار${device && `: ${device}`}.`,
  },

  preview: 'معاينة',
  showPreview: 'عرض المعاينة',
  closePreview: 'إغلاق المعاينة',
  start: 'بدء البث',
  stop: 'إيقاف',
  retry: 'حاول مرة أخرى',
  microphoneOff: 'كتم الميكروفون',
  cameraOff: 'إيقاف الكاميرا',
  liveFor: 'مدة البث',
  quality: { good: 'اتصال جيد', medium: 'اتصال متوسط', bad: 'اتصال ضعيف' },

  settings: 'الإعدادات',
  source: 'المصدر',
  sources: { camera: 'الكاميرا', screen: 'الشاشة' },
  videoDevice: 'الكاميرا',
  audioDevice: 'الميكروفون',
  automatic: 'تلقائي',
  none: 'بدون',
  resolution: 'الدقة',
  framerate: 'الإطارات في الثانية',
  videoBitrate: 'أقصى معدل للفيديو',
  audioBitrate: 'أقصى معدل للصوت',
  audioMode: 'الصوت',
  audioModes: { speech: 'كلام', music: 'موسيقى' },
  locked: 'يمكن تغيير المصدر والدقة والإطارات والصوت عندما لا تكون في بث.',

  statistics: 'الإحصاءات',
  stats: {
    video: 'الفيديو',
    audio: 'الصوت',
    picture: 'الصورة',
    framerate: 'الإطارات في الثانية',
    packetLoss: 'الحزم المفقودة',
    roundTripTime: 'زمن الذهاب والإياب',
    sendDelay: 'تأخير الإرسال',
  },
  chart: (now, least, most) => `معدل البت في الدقيقة الأخيرة: ${now} الآن، بين ${least} و${most}`,
  copy: 'نسخ بيانات التشخيص',
  copied: 'تم النسخ',
  copyByHand: 'انسخ هذا النص',
};

function input(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'الكاميرا' : 'الميكروفون';
}

addLanguage('ar', ar);
