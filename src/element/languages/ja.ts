import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const missing = 'カメラかマイクが見つかりません。接続して、もう一度お試しください。';

export const ja: Strings = {
  dir: 'ltr',

  idle: '配信していません',
  signalling: '接続しています…',
  connected: '接続しました。サーバーを待っています…',
  broadcasting: '配信中',
  reconnecting: 'サーバーが出力を再接続しています…',
  reconnecting_broadcast: '再接続しています…',
  failed: '配信していません',
  causes: {
    network: 'ネットワーク接続が切れました。',
    server: 'サーバーが接続を切りました。',
    suspended: 'この端末はスリープしていました。',
    tracks: 'カメラまたはマイクを追加しています。',
  },
  repair: '接続を修復しています',
  attempt: ({ attempt, maxRetries }, seconds) =>
    `再試行 ${attempt}/${maxRetries}：${seconds > 0 ? `あと${seconds}秒` : '実行中'}`,
  errors: {
    NotAllowedError: '許可されませんでした。ブラウザーでこのページに許可を与えて、もう一度お試しください。',
    NotReadableError: 'デバイスを開けません。ほかのプログラムが使っている可能性があります。',
    NotFoundError: missing,
    OverconstrainedError: missing,
    5001: '配信を開始できませんでした。',
    5002: '接続を回復できませんでした。',
    6001: '配信するものがありません。カメラかマイクを使えるようにしてください。',
    6004: missing,
    6005: 'カメラかマイクを開けませんでした。',
    6008: '画面を取り込めませんでした。',
    101001: 'サーバーでエラーが発生しました。しばらくしてからお試しください。',
    102001: 'サーバーがこの配信を許可していません。',
    103001: 'サーバーへのサインインが必要です。',
    103003: 'サーバーがサインインを拒否しました。',
    109000: 'サーバーが配信を転送できませんでした。',
  },
  capture: {
    stalled: () => 'ブラウザーの映像エンコードが止まりました。再開しています。',
    substituted: (kind, device) => `別の${input(kind)}に切り替わりました${device && `：${device}`}。`,
    paused: (kind) => `システムが${input(kind)}を一時停止しました。`,
    silent: (kind) => (kind === 'videoinput' ? 'カメラの映像が届いていません。' : 'マイクの音が届いていません。'),
    missing: (kind) => `${input(kind)}がなくなりました。`,
    different: (kind, device) =>
      kind === 'audioinput'
        ? '外部の音声は送信されていません。'
        : `映像のサイズまたはフレームレートが選択と異なります${device && `：${device}`}。`,
  },

  preview: 'プレビュー',
  showPreview: 'プレビューを表示',
  closePreview: 'プレビューを閉じる',
  start: '配信を開始',
  stop: '停止',
  retry: 'もう一度試す',
  microphoneOff: 'マイクをミュート',
  cameraOff: 'カメラをオフ',
  liveFor: '配信時間',
  quality: { good: '接続は良好', medium: '接続はやや不安定', bad: '接続が不安定' },

  settings: '設定',
  source: 'ソース',
  sources: { camera: 'カメラ', screen: '画面' },
  videoDevice: 'カメラ',
  audioDevice: 'マイク',
  automatic: '自動',
  none: 'なし',
  resolution: '解像度',
  framerate: 'フレームレート',
  videoBitrate: '映像ビットレートの上限',
  audioBitrate: '音声ビットレートの上限',
  audioMode: '音声',
  audioModes: { speech: '会話', music: '音楽' },
  locked: 'ソース、解像度、フレームレート、音声は、配信していないときに変更できます。',

  statistics: '統計',
  stats: {
    video: '映像',
    audio: '音声',
    picture: '画像',
    framerate: 'フレームレート',
    packetLoss: 'パケット損失',
    roundTripTime: '往復時間',
    sendDelay: '送信遅延',
  },
  chart: (now, least, most) => `直近1分のビットレート：現在${now}、${least}から${most}の間`,
  copy: '診断情報をコピー',
  copied: 'コピーしました',
  copyByHand: 'このテキストをコピーしてください',
};

function input(kind: 'videoinput' | 'audioinput'): string {
  return kind === 'videoinput' ? 'カメラ' : 'マイク';
}

addLanguage('ja', ja);
