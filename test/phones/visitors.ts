export type Headers = Readonly<Record<string, string>>;
export type Visits = readonly (readonly [who: string, headers: Headers])[];

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const windows = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit}`;
const android = `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit}`;
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const any = { accept: '*/*' };
const gzip = { 'accept-encoding': 'gzip, deflate, br' };
const navigation = {
  accept: html,
  ...gzip,
  'accept-language': 'fr-FR,fr;q=0.9,en;q=0.8',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'upgrade-insecure-requests': '1',
};

/** Known by their names: with what they send, and a part of the name that a person is to read. */
export const namedScanners: readonly (readonly [name: string, headers: Headers])[] = [
  [
    'Slack',
    { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', ...any, range: 'bytes=0-32768' },
  ],
  ['Slack', { 'user-agent': 'Slack-ImgProxy (+https://api.slack.com/robots)', accept: 'image/*' }],
  ['WhatsApp', { 'user-agent': 'WhatsApp/2.23.20.0 A', ...any, ...gzip }],
  ['WhatsApp', { 'user-agent': 'WhatsApp/2.2336.9 N', 'accept-language': 'en' }],
  ['Signal', { 'user-agent': 'WhatsApp/2' }],
  ['Telegram', { 'user-agent': 'TelegramBot (like TwitterBot)', accept: html }],
  [
    'Teams',
    {
      'user-agent': 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
      ...any,
    },
  ],
  [
    'Teams',
    {
      'user-agent': `${windows} Chrome/112.0.0.0 Safari/537.36 Edg/112.0.1722.48 MicrosoftPreview/2.0 +https://aka.ms/MicrosoftPreview`,
      accept: html,
    },
  ],
  ['Discord', { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' }],
  [
    'Apple Messages',
    {
      'user-agent':
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
      accept: html,
    },
  ],
  [
    'Facebook',
    {
      'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
      ...any,
      range: 'bytes=0-524287',
    },
  ],
  [
    'Facebook',
    {
      'user-agent': 'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
      ...any,
    },
  ],
  [
    'LinkedIn',
    { 'user-agent': 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)', ...any },
  ],
  ['X (Twitter)', { 'user-agent': 'Twitterbot/1.0', accept: 'text/html, */*' }],
  ['Google Messages', { 'user-agent': 'GoogleMessages/20', ...any }],
  ['Viber', { 'user-agent': 'Viber/20.5.0.0 CFNetwork/1408.0.4 Darwin/22.5.0', ...any }],
  ['LINE', { 'user-agent': 'facebookexternalhit/1.1;line-poker/1.0', ...any }],
  [
    'KakaoTalk',
    { 'user-agent': 'facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984' },
  ],
  ['Mattermost', { 'user-agent': 'Mattermost-Bot/1.1', ...gzip }],
  ['Zoom', { 'user-agent': 'Zoombot/1.0' }],
  ['Zulip', { 'user-agent': 'Mozilla/5.0 (compatible; ZulipURLPreview/8.0; +https://zulip.com)', ...any }],
  ['Matrix', { 'user-agent': 'Synapse (bot; +https://github.com/matrix-org/synapse)', 'accept-language': 'en' }],
  [
    'Mastodon',
    { 'user-agent': 'http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example.com/) Bot', accept: 'text/html' },
  ],
  ['Nextcloud', { 'user-agent': 'Mozilla/5.0 (compatible) Nextcloud Server Crawler', ...gzip }],
  [
    'Snapchat',
    {
      'user-agent':
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots',
      ...any,
    },
  ],
  [
    'Reddit',
    { 'user-agent': 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)', accept: html },
  ],
  [
    'Google (Gmail',
    {
      'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
      accept: 'image/*',
    },
  ],
  [
    'Google (Gmail',
    {
      'user-agent': `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)) Chrome/56.0 Safari/537.36`,
      accept: html,
    },
  ],
  ['Yahoo', { 'user-agent': 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html' }],
  ['Outlook Safe Links', { 'user-agent': 'Microsoft Office SafeLinks Protection', ...any }],
  ['Microsoft Office', { 'user-agent': 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)', ...any }],
  ['Microsoft Office', { 'user-agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)' }],
  ['Barracuda', { 'user-agent': 'Barracuda Sentinel (EE)', ...any, ...gzip }],
  ['Mimecast', { 'user-agent': 'Mozilla/5.0 (compatible; mimecast-scanner/1.0)' }],
  ['Proofpoint', { 'user-agent': `${windows} Chrome/120.0.0.0 Safari/537.36 Proofpoint`, accept: html }],
  ['Trend Micro', { 'user-agent': 'TMUFE/3.0', ...any }],
  ['Kaspersky', { 'user-agent': 'Mozilla/5.0 (compatible; Kaspersky-LinkCheck/1.0)', ...any }],
  ['Bitdefender', { 'user-agent': 'Bitdefender-URL-Scan/2.1' }],
  ['antivirus', { 'user-agent': 'F-Secure Network Request/1.0' }],
  [
    'security service',
    {
      'user-agent': `Mozilla/5.0 (Windows NT 10.0) AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)`,
      ...any,
    },
  ],
  [
    'network scanner',
    { 'user-agent': 'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)', ...any },
  ],
  ['network scanner', { 'user-agent': 'Mozilla/5.0 zgrab/0.x', ...any }],
  [
    'Bing',
    {
      'user-agent': `Mozilla/5.0 ${webkit}; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/112.0 Safari/537.36`,
      accept: html,
      from: 'bingbot(at)microsoft.com',
    },
  ],
  [
    'Google search',
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', accept: html },
  ],
  [
    'Apple search',
    {
      'user-agent':
        'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
      accept: html,
    },
  ],
  ['Yandex', { 'user-agent': 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)', ...any }],
  [
    'AI assistant',
    { 'user-agent': `Mozilla/5.0 ${webkit}; compatible; ChatGPT-User/1.0; +https://openai.com/bot`, ...any },
  ],
  ['headless browser', { 'user-agent': `${windows} HeadlessChrome/131.0.0.0 Safari/537.36`, ...navigation }],
  ['opens links', { 'user-agent': 'ExampleSpider/1.0', ...any }],
  ['opens links', { 'user-agent': 'Iframely/1.3.1 (+https://iframely.com/docs/about)', ...any }],
  ['Pinterest', { 'user-agent': 'Pinterest/0.2 (+https://www.pinterest.com/bot.html)', ...any }],
  // Known to isbot alone.
  ['opens links', { 'user-agent': `${windows} Chrome/131.0.0.0 Safari/537.36 StatusCake`, ...navigation }],
  ['opens links', { 'user-agent': `${windows} Chrome/131.0.0.0 Safari/537.36 PTST/250101.120000`, accept: html }],
  ['opens links', { 'user-agent': `${windows} Chrome/131.0.0.0 Safari/537.36 Site24x7`, ...any }],
  ['opens links', { 'user-agent': 'Java/17.0.2 (HttpUrlConnection)', accept: 'text/html, image/gif, */*' }],
  ['opens links', { 'user-agent': 'example-link-preview/3' }],
  ['opens links', { 'user-agent': 'Mozilla/5.0 (compatible; Unheard-of/1.0)', accept: html }],
];

/** Known by what they send only: none of these calls itself anything but a browser, or nothing at all. */
export const disguisedScanners: Visits = [
  ['Outlook Safe Links as Chrome', { 'user-agent': `${windows} Chrome/97.0.4692.99 Safari/537.36` }],
  [
    'a mail gateway as Chrome, for anything',
    { 'user-agent': `${windows} Chrome/120.0.0.0 Safari/537.36`, ...any, ...gzip },
  ],
  [
    'an antivirus program as Internet Explorer',
    { 'user-agent': 'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko', ...any },
  ],
  ["Apple Mail's proxy", { 'user-agent': 'Mozilla/5.0', ...any }],
  [
    'Discord’s pictures as Firefox',
    {
      'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 11.6; rv:92.0) Gecko/20100101 Firefox/92.0',
      accept: 'image/*',
    },
  ],
  [
    'an iPhone app that previews',
    { 'user-agent': 'SomeChat/3.1 CFNetwork/1410.0.3 Darwin/22.6.0', ...any, 'accept-language': 'de-DE' },
  ],
  ['a program that asks for the first byte', { 'user-agent': 'link/1', range: 'bytes=0-0' }],
  ['a program that asks for a picture', { 'user-agent': 'proxy/1', accept: 'image/webp,image/*' }],
  ['a program that comes from a page', { 'user-agent': 'proxy/1', referer: 'https://mail.example.com/' }],
  ['a script in a page', { 'user-agent': 'x', ...any, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' }],
  [
    'a browser that sends the header of Linphone',
    { 'user-agent': `${windows} Chrome/131.0.0.0`, 'x-linphone-provisioning': '1', ...any },
  ],
];

export const prefetches: Visits = [
  ['Chrome in advance', { 'user-agent': `${windows} Chrome/131.0.0.0`, 'sec-purpose': 'prefetch;prerender' }],
  ['an older browser in advance', { 'user-agent': 'Mozilla/5.0', purpose: 'prefetch' }],
  ['Firefox in advance', { 'user-agent': 'Mozilla/5.0', 'x-moz': 'prefetch' }],
  ['Safari for its start page', { 'user-agent': 'Mozilla/5.0', 'x-purpose': 'preview' }],
];

const early = (agent: string, from = 'sip:alice@sip.example.test'): Headers => ({ 'user-agent': agent, from });
const later = (agent: string, from?: string): Headers => ({
  'user-agent': agent,
  'x-linphone-provisioning': '1',
  ...(from === undefined ? {} : { from }),
});

/** Linphone before 5.3: nothing but a name. */
export const earlyPhones: Visits = [
  ['Linphone 5.1, first start', { 'user-agent': 'Unknown' }],
  ['Linphone 5.1, later start', early('Unknown')],
  ['Linphone 5.1 linphonec', early('Linphone/5.1.65 (belle-sip/5.1.65)')],
  ['Linphone 5.1 Android', early('LinphoneAndroid/4.6.14 (Pixel 6) LinphoneSDK/5.1.72 (tags/5.1.72^0)')],
  ['Linphone 5.1 iOS', early('LinphoneiOS/4.5.1 (iPhone de Kijou) LinphoneSDK/5.1.40')],
  ['Linphone 5.2 desktop', early('Linphone-Desktop/5.0.17 (andres.example.com) mageia/9 Qt/5.15.7 LinphoneSDK/5.2.70')],
  [
    "5.2 iOS, on the robot's phone",
    early("LinphoneiOS/5.0.2 (Slackbot's iPhone, bot crawler preview) LinphoneSDK/5.2.98"),
  ],
  ['Linphone 5.2 rebranded', early('AcmePhone/2.0-preview (Galaxy S21)')],
  [
    'Linphone 5.2 rebranded, by Abbott',
    early('Abbott Robotics Voice/1.0 (CUBOT X30, bot) SDK/5.2', 'sip:bob@sip.example.test'),
  ],
  ['Linphone 5.1 daemon', { 'user-agent': 'Linphone-Daemon/5.1.65 (belle-sip/5.1.65)' }],
  ['Linphone 5.1 belle-sip', { 'user-agent': 'belle-sip/5.1.65' }],
  ['Linphone 5.2 rebranded, named like a browser', early('AcmePhone/2.0 (Mozilla/5.0) SDK/5.2')],
  ['Linphone 5.2 rebranded, by a news agency', { 'user-agent': 'Agence News Agent/1.0 (Pixel 6) SDK/5.2' }],
  ['Linphone 5.2 rebranded, without a known name', { 'user-agent': 'Softphone' }],
];

/** Linphone from 5.3 on, which says what it wants. */
export const laterPhones: Visits = [
  [
    'Linphone 5.3 Android, first start',
    later('LinphoneAndroid/5.2.5 (Galaxy S7 edge) LinphoneSDK/5.3.47 (tags/5.3.47^0)'),
  ],
  ['Linphone 5.3 iOS', later('LinphoneiOS/5.2.4 (iPhone) LinphoneSDK/5.3.89', 'sip:alice@sip.example.test')],
  ['Linphone 5.3 desktop', later('Linphone-Desktop/5.2.6 (xinchen) windows/10 Qt/5.15.2 LinphoneSDK/5.3.72')],
  ['Linphone 5.4 desktop', later('Linphone-Desktop/5.3.3 (googlebot-7) nixos/25.11 Qt/5.15.18 LinphoneSDK/5.4.0')],
  ['Linphone 5.4 Android', later('LinphoneAndroid/6.0.0 (Zoombot) LinphoneSDK/5.4.12', 'sip:%23@sip.example.test')],
  ['Linphone 5.5 linphonec, first start', later('Unknown')],
  ['Linphone 5.5 iOS', later("LinphoneiOS/6.1.0 (Bob's iPhone) LinphoneSDK/5.5.15")],
  ['Linphone 5.5 Android, named like a browser', later('LinphoneAndroid/6.1.0 (Mozilla/5.0) LinphoneSDK/5.5.15')],
  ['Linphone 5.5 rebranded', later('Slackbot Phone/1.0 (iPhone)')],
  ['Linphone 5.6 desktop', later('Linphone-Desktop/6.2.0 (host) Debian, Qt 6.8 LinphoneSDK/5.6.0-alpha.40')],
  ['Linphone 5.6 rebranded, with its own key', { ...later('Acme/3.0'), 'x-ringup-device': 'secret-of-the-phone' }],
];

/** What stands in for phones in scripts and behind proxies. */
export const scripts: Visits = [
  ['curl', { 'user-agent': 'curl/8.5.0', ...any }],
  ['wget', { 'user-agent': 'Wget/1.21', ...any, 'accept-encoding': 'identity' }],
  ["Node's fetch", { 'user-agent': 'node', ...any, 'accept-language': '*', 'sec-fetch-mode': 'cors', ...gzip }],
  ['Python', { 'user-agent': 'python-requests/2.31.0', ...any, ...gzip, connection: 'keep-alive' }],
  ["Python's http.client", { 'accept-encoding': 'identity' }],
  ["Python's urllib", { 'user-agent': 'Python-urllib/3.11', 'accept-encoding': 'identity', connection: 'close' }],
  ['Go', { 'user-agent': 'Go-http-client/1.1', 'accept-encoding': 'gzip' }],
  ['PHP', { 'user-agent': 'GuzzleHttp/7' }],
  ["PHP's curl", any],
  ["PHP's curl that takes compressed answers", { ...any, 'accept-encoding': 'deflate, gzip, br, zstd' }],
  ["PHP's file_get_contents", { connection: 'close' }],
  ["Rust's reqwest", any],
  ["Node's http", { connection: 'keep-alive' }],
  ['curl without a name', { 'user-agent': '', ...any, 'accept-encoding': 'identity' }],
  ["Java's HttpURLConnection that asks for XML", { 'user-agent': 'Java/17.0.15', accept: 'application/xml' }],
  [
    "Java's HttpClient",
    {
      'user-agent': 'Java-http-client/17.0.15',
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'content-length': '0',
    },
  ],
  [
    'a phone behind a proxy',
    { 'user-agent': 'Unknown', via: '1.1 proxy', 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' },
  ],
];

export const browsers: Visits = [
  [
    'Chrome on Windows',
    { 'user-agent': `${windows} Chrome/131.0.0.0 Safari/537.36`, ...navigation, 'sec-ch-ua': '"Chromium";v="131"' },
  ],
  [
    'Firefox on Linux',
    { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', ...navigation },
  ],
  [
    'Safari on a Mac',
    {
      'user-agent':
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      ...navigation,
    },
  ],
  ['Edge', { 'user-agent': `${windows} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`, ...navigation }],
  [
    'Internet Explorer',
    {
      'user-agent': 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)',
      accept: 'text/html, application/xhtml+xml, */*',
    },
  ],
  ['Chrome on Android', { 'user-agent': `${android} Chrome/131.0.0.0 Mobile Safari/537.36`, ...navigation }],
  [
    'Chrome on a CUBOT',
    {
      'user-agent': `Mozilla/5.0 (Linux; Android 10; CUBOT X30) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
      ...navigation,
    },
  ],
  [
    'Samsung Internet',
    { 'user-agent': `${android} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`, ...navigation },
  ],
  ['Safari on an iPhone', { 'user-agent': `${iphone} Version/18.0 Mobile/15E148 Safari/604.1`, ...navigation }],
  ['Chrome on an iPhone', { 'user-agent': `${iphone} CriOS/131.0 Mobile/15E148 Safari/604.1`, accept: html }],
  ['Yandex Browser', { 'user-agent': `${windows} Chrome/130.0.0.0 YaBrowser/24.12 Safari/537.36`, ...navigation }],
  [
    'the browser inside Telegram',
    {
      'user-agent': `${android} Chrome/131.0.0.0 Mobile Safari/537.36 Telegram-Android/11.7.4 (Google Pixel 8; Android 14; SDK 34; HIGH)`,
      ...navigation,
    },
  ],
  [
    'the browser inside Telegram, iOS',
    { 'user-agent': `${iphone} Version/18.0 Safari/604.1 Telegram-iOS/11.2`, ...navigation },
  ],
  [
    'the browser inside Facebook, Android',
    {
      'user-agent': `${android} Chrome/131.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/460.0.0.38.109;]`,
      ...navigation,
    },
  ],
  [
    'the browser inside Messenger',
    { 'user-agent': `${iphone} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/440.0;FBDV/iPhone14,2]`, ...navigation },
  ],
  ['the browser inside Facebook', { 'user-agent': `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/460.0]`, ...navigation }],
  [
    'the browser inside Instagram',
    { 'user-agent': `${iphone} Mobile/15E148 Instagram 330.0.0.0 (iPhone14,2)`, ...navigation },
  ],
  [
    'the browser inside LINE, Android',
    { 'user-agent': `${android} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 Line/14.1.0/IAB`, ...navigation },
  ],
  [
    'the browser inside KakaoTalk',
    { 'user-agent': `${android} Chrome/131.0.0.0 Mobile Safari/537.36;KAKAOTALK 2510470`, ...navigation },
  ],
  ['the browser inside WhatsApp', { 'user-agent': `${iphone} Mobile/15E148 WhatsApp/24.1`, ...navigation }],
  [
    'the browser inside Viber',
    { 'user-agent': `${android} Chrome/131.0.0.0 Mobile Safari/537.36 Viber/22.1`, ...navigation },
  ],
  ['the browser inside X', { 'user-agent': `${iphone} Mobile/15E148 Twitter for iPhone/10.40`, ...navigation }],
  [
    'the browser inside Snapchat',
    { 'user-agent': `${iphone} Mobile/15E148 Snapchat/13.0.0.35 (like Safari/8619.1)`, ...navigation },
  ],
  ['the browser inside Pinterest', { 'user-agent': `${iphone} Mobile/15E148 [Pinterest/iOS]`, ...navigation }],
  [
    'the browser inside TikTok',
    { 'user-agent': `${iphone} musical_ly_34.5.0 NetType/WIFI Channel/App BytedanceWebview/d8a21c6`, ...navigation },
  ],
  [
    'the browser inside Slack',
    { 'user-agent': `${windows} Slack/4.41.105 Chrome/130.0 Electron/33.2.1 Safari/537.36`, ...navigation },
  ],
  [
    'the browser inside Discord',
    { 'user-agent': `${windows} discord/1.0.9170 Chrome/128.0 Electron/32.2.7 Safari/537.36`, ...navigation },
  ],
  [
    'the browser inside Mattermost',
    { 'user-agent': `${windows} Mattermost/5.9.0 Chrome/126.0 Electron/31.4.0 Safari/537.36`, ...navigation },
  ],
  ['the browser inside LINE', { 'user-agent': `${iphone} Safari/604.1 Line/14.1.0`, ...navigation }],
  ['the browser inside LinkedIn', { 'user-agent': `${iphone} Mobile/15E148 [LinkedInApp]/9.30`, ...navigation }],
  ['the browser inside WeChat', { 'user-agent': `${iphone} Mobile/15E148 MicroMessenger/8.0.50`, ...navigation }],
  [
    'the browser inside Teams',
    { 'user-agent': `${windows} Chrome/124.0.0.0 Safari/537.36 Edg/124.0 Teams/24193.1805`, ...navigation },
  ],
  [
    'the browser inside the Google app',
    { 'user-agent': `${iphone} GSA/340.0 Mobile/15E148 Safari/604.1`, ...navigation },
  ],
  ['w3m', { 'user-agent': 'w3m/0.5.3+git20230121', accept: 'text/html, text/*;q=0.5, image/*' }],
  ['Links', { 'user-agent': 'Links (2.29; Linux 6.1.0 x86_64; GNU C 12.2; text)', accept: 'text/html, */*' }],
  ['ELinks', { 'user-agent': 'ELinks/0.13.2 (textmode; Linux; 80x24-2)', accept: 'text/html, */*' }],
  ['NetSurf', { 'user-agent': 'NetSurf/3.10 (Linux)', accept: 'text/html' }],
  ['Konqueror', { 'user-agent': 'Mozilla/5.0 (compatible; Konqueror/4.14; Linux) KHTML/4.14', accept: html }],
  ['Lynx', { 'user-agent': 'Lynx/2.9.0', accept: 'text/html, text/plain, */*;q=0.01', 'accept-language': 'en' }],
  [
    'Chrome in advance, to be shown',
    { 'user-agent': `${windows} Chrome/131.0`, ...navigation, 'sec-purpose': 'prefetch' },
  ],
];
