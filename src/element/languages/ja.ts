import type { Strings } from '../strings.js';
import { addLanguage } from './registry.js';

const contact = 'サイトの運営者にお問い合わせください。';
const unreachable = '配信サーバーに接続できません。もう一度試すか、サイトの運営者にお問い合わせください。';
const missing = 'カメラもマイクも見つかりません。接続して、もう一度お試しください。';
const reopen = 'カメラまたはマイクにアクセスできませんでした。接続し直して、もう一度お試しください。';

export const ja: Strings = {
  dir: 'ltr',
  preview: 'プレビュー',

  idle: '配信していません',
  requesting: 'ブラウザーの確認画面でカメラとマイクを許可してください',
  requestingAudio: 'ブラウザーの確認画面でマイクを許可してください',
  requestingVideo: 'ブラウザーの確認画面でカメラを許可してください',
  requestingScreen: 'ブラウザーの選択画面で、共有する画面を選んでください',
  signalling: '接続しています…',
  connected: 'まもなく配信が始まります…',
  broadcasting: '配信中',
  reconnecting: '視聴者に映像が届いていない可能性があります。現在、サーバー側で復旧中です。',
  reconnecting_broadcast: '再接続しています。このページを開いたままにしてください。',
  pill: {
    off: '配信していません',
    connecting: '接続中',
    reconnecting: '再接続中',
    output: '視聴者は待機中',
  },
  ended: (duration) => `配信を終了しました（配信時間 ${duration}）`,
  causes: {
    network: '接続が切れました',
    server: 'サーバーとの接続が切れました',
    suspended: 'この端末はスリープしていました',
    tracks: 'カメラまたはマイクを追加しています',
    encoder: '配信を再開しています',
  },
  offline: 'オフラインです。このページを開いたままにしてください。オンラインに戻りしだい再接続します。',
  attempt: (_, seconds) => (seconds > 0 ? `${seconds}秒後に再試行します` : '再試行しています…'),
  failures: {
    start: '配信を開始できませんでした',
    ended: '配信が途中で終了しました',
    devices: 'カメラまたはマイクを使用できません',
    blocked: 'カメラとマイクがブロックされています',
    blockedAudio: 'マイクがブロックされています',
    blockedVideo: 'カメラがブロックされています',
    screen: '画面は共有されませんでした',
    setup: 'この配信は正しく設定されていません',
  },
  errors: {
    NotAllowedError: 'アドレスバーで許可して、もう一度お試しください。',
    'blocked-by-system': 'システムのプライバシー設定で、ブラウザーによる使用を許可して、もう一度お試しください。',
    NotReadableError: 'ほかのアプリが使用している可能性があります。そのアプリを閉じて、もう一度お試しください。',
    NotFoundError: missing,
    OverconstrainedError: missing,
    AbortError: reopen,
    offline: 'オフラインです。接続を確認して、もう一度お試しください。',
    'wrong-address': '配信先のアドレスが正しくないようです。サイトの運営者にお問い合わせください。',
    1000: '問題が発生しました。ページを再読み込みして、もう一度お試しください。',
    1001: contact,
    1002: contact,
    1003: contact,
    1004: contact,
    1006: contact,
    4000: unreachable,
    4001: contact,
    5001: unreachable,
    5002: '再接続できませんでした。もう一度試すか、サイトの運営者にお問い合わせください。',
    5003: '配信は行われていません。',
    6001: '送信するものがありません。カメラまたはマイクをオンにして、もう一度お試しください。',
    6004: missing,
    6005: reopen,
    6006: 'カメラとマイクの一覧を取得できませんでした。ページを再読み込みして、もう一度お試しください。',
    6008: 'もう一度共有するか、別のウィンドウを選んでください。',
    101001: '配信サーバーに問題があります。数分後にもう一度お試しください。',
    102001: '配信サーバーがこの配信を許可していません。サイトの運営者にお問い合わせください。',
    103001: 'サインインしていません。ページを再読み込みするか、サイトの運営者にお問い合わせください。',
    103003:
      'アクセス権が無効か、有効期限が切れています。ページを再読み込みするか、サイトの運営者にお問い合わせください。',
    103004: '配信サーバーにこの配信が登録されていません。サイトの運営者にお問い合わせください。',
    109000: 'サーバーが視聴者に配信を届けられませんでした。サイトの運営者にお問い合わせください。',
  },
  capture: {
    substituted: (kind, device) =>
      kind === 'videoinput'
        ? `カメラの接続が切れました。視聴者には${device || '別のカメラ'}の映像が見えています。`
        : `マイクの接続が切れました。視聴者には${device || '別のマイク'}の音声が聞こえています。`,
    paused: (kind) =>
      kind === 'videoinput'
        ? 'システムがカメラを一時停止しました。その間、視聴者には何も映っていない画面が見えます。'
        : 'システムがマイクを一時停止しました。その間、視聴者にはあなたの声が聞こえません。',
    silent: (kind) =>
      kind === 'videoinput'
        ? 'カメラに何も映っていません。覆われていないか、ほかのアプリが使っていないか確認してください。'
        : 'マイクから音声が入力されていません。オフになっていないか確認してください。',
    stalled: (kind) =>
      kind === 'videoinput'
        ? 'ブラウザーから新しい映像を送信できていません。視聴者には静止した映像が見えています。自動的に再開します。'
        : 'ブラウザーから音声を送信できていません。自動的に再開します。',
    missing: (kind) =>
      kind === 'videoinput'
        ? 'カメラを使用できません。視聴者には何も映っていない画面が見えています。接続または許可するか、別のカメラを選んでください。'
        : 'マイクを使用できません。視聴者にはあなたの声が聞こえません。接続または許可するか、別のマイクを選んでください。',
    ended: (kind) =>
      kind === 'videoinput' ? '視聴者には何も映っていない画面が見えています。' : '視聴者にはあなたの声が聞こえません。',
    unsent: (kind) =>
      kind === 'videoinput'
        ? '映像を追加できませんでした。映像なしで配信を続けています。'
        : '音声を追加できませんでした。音声なしで配信を続けています。',
    different: (kind, device) =>
      kind === 'audioinput'
        ? '追加した音声は視聴者に聞こえていません。'
        : `${device || 'カメラ'}は選択した画質に対応していません。最も近い画質を使用します。`,
  },
  screenEnded:
    '画面の共有が終わりました。視聴者には何も映っていない画面が表示されています。もう一度画面を共有するか、カメラを選んでください。',
  retry: 'もう一度試す',
  details: '詳細',
  controlsMissing: '操作パネルを読み込めませんでした。ページを再読み込みしてください。',

  start: '配信を開始',
  stop: '終了',
  cancel: 'キャンセル',
  confirmStop: '配信を終了しますか？',
  confirm: '終了する',
  keepGoing: '配信を続ける',

  greenRoom: 'カメラとマイクを確認してください',
  greenRoomAudio: 'マイクを確認してください',
  showPreview: 'プレビューをオンにする',
  closePreview: 'プレビューをオフにする',

  microphoneOff: 'マイクをミュート',
  cameraOff: 'カメラをオフ',
  chooseMicrophone: 'マイクを選択',
  chooseCamera: 'カメラを選択',
  shareScreen: '画面を共有',
  flipCamera: 'カメラを切り替え',
  zoom: 'ズーム',
  torch: 'ライト',

  muted: 'ミュート中',
  mutedSpeech: 'ミュート中です。声は視聴者に届いていません。話すにはミュートを解除してください。',
  videoMuted: 'カメラはオフ：視聴者の画面は真っ黒です',

  allowHere: 'このボタンを押して、カメラとマイクを許可してください。',
  allow: {
    chromium: 'アドレスの左側のアイコンをクリックし、アクセスを許可して、もう一度お試しください。',
    firefox: 'アドレスバーの斜線付きのアイコンをクリックし、ブロックを解除して、もう一度お試しください。',
    safari: 'Safari >「このWebサイトでの設定」でアクセスを許可して、もう一度お試しください。',
    android: 'アドレスの左側のアイコン、「権限」の順にタップし、アクセスを許可して、もう一度お試しください。',
    ios: 'アドレスバーのページのアイコン、「Webサイトの設定」の順にタップし、アクセスを許可して、もう一度お試しください。',
  },
  quality: { good: '接続は良好', medium: '接続が弱い', bad: '接続が非常に弱い' },
  weak: {
    cpu: 'この端末の負荷が高いため、画質を下げています。ほかのアプリを閉じてください。',
    bandwidth: 'ネットワークが遅いため、画質を下げています。ほかのダウンロードを止めてください。',
    unstable: 'ネットワークが不安定です。視聴者の映像が途切れることがあります。',
    bad: '接続が非常に弱くなっています。ルーターに近づいてください。',
  },
  liveFor: '配信時間',

  settings: '設定',
  close: '閉じる',
  devices: 'デバイス',
  videoQuality: '画質',
  advanced: '詳細設定',
  videoDevice: 'カメラ',
  audioDevice: 'マイク',
  automatic: '自動',
  none: 'なし',
  notConnected: '未接続',
  resolution: '映像',
  presets: {
    360: 'データ節約',
    480: '低速回線向け',
    720: '推奨',
    1080: '高画質',
    2160: '高速回線向け',
  },
  framerate: 'フレームレート',
  videoBitrate: '映像ビットレートの上限',
  audioBitrate: '音声ビットレートの上限',
  audioMode: '音声',
  audioModes: { speech: '話し声', music: '音楽' },
  locked: '映像、フレームレート、音声は、配信していないときに変更できます。',

  statistics: '接続',
  stats: {
    video: '映像',
    audio: '音声',
    picture: '解像度',
    framerate: 'フレームレート',
    packetLoss: 'パケット損失',
    roundTripTime: '往復時間',
    sendDelay: '送信遅延',
  },
  chart: (now, least, most) => `直近1分間のビットレート：現在${now}、${least}から${most}まで`,
  chartSpan: '直近1分間のビットレート',
  copy: 'サポート用の詳細をコピー',
  copied: 'コピーしました',
  copyByHand: 'このテキストをコピーしてください',
};

addLanguage('ja', ja);
