import { isbot } from 'isbot';

/**
 * Programs that open links by themselves, by their User-Agent. More specific patterns come first. The browsers inside
 * chat apps (`Line/12.3`, `Telegram-Android/11`, `FBAN/…`) must not match, because people use them.
 */
const known: readonly (readonly [pattern: string, name: string])[] = [
  // Chats and networks
  ['AppleWebKit/601\\.2\\.4.{1,100}Facebot', 'Apple Messages link preview'],
  ['kakaotalk-scrap', 'KakaoTalk link preview'],
  ['line-poker', 'LINE link preview'],
  ['facebookexternal|facebookcatalog|Facebot|meta-external', 'Facebook, Messenger or Instagram link preview'],
  ['Slackbot|Slack-ImgProxy', 'Slack link preview'],
  ['^WhatsApp/', 'WhatsApp or Signal link preview'],
  ['TelegramBot', 'Telegram link preview'],
  ['SkypeUriPreview|MicrosoftPreview|Microsoft-?Teams', 'Teams or Skype link preview'],
  ['Discordbot', 'Discord link preview'],
  ['LinkedInBot', 'LinkedIn link preview'],
  ['Twitterbot', 'X (Twitter) link preview'],
  ['GoogleMessages/', 'Google Messages link preview'],
  ['^Viber/', 'Viber link preview'],
  ['Mattermost-Bot', 'Mattermost link preview'],
  ['Zoombot', 'Zoom link preview'],
  ['ZulipURLPreview', 'Zulip link preview'],
  ['Rocket\\.?Chat[- ]?(?:bot|preview|oembed)|^Rocket\\.?Chat', 'Rocket.Chat link preview'],
  ['^Synapse\\b', 'Matrix link preview'],
  ['Nextcloud (?:Server )?Crawler|Nextcloud-References', 'Nextcloud link preview'],
  ['\\bMastodon/|\\bPleroma|\\bMisskey', 'Mastodon link preview'],
  ['redditbot', 'Reddit link preview'],
  ['Snap URL Preview', 'Snapchat link preview'],
  ['vkShare|OdklBot|mail\\.ru_bot', 'VK link preview'],
  ['^Pinterest/|Pinterestbot', 'Pinterest link preview'],
  // Mail
  [
    'GoogleImageProxy|Google-(?:PageRenderer|Safety|Read-Aloud|InspectionTool|AMPHTML)|^APIs-Google',
    'Google (Gmail, Chat) link preview',
  ],
  ['YahooMailProxy|Yahoo Link Preview|YahooCacheSystem', 'Yahoo Mail link preview'],
  ['Safe ?Links', 'Outlook Safe Links'],
  ['ms-office|^Microsoft Office|^Outlook-', 'Microsoft Office link check'],
  ['Barracuda', 'Barracuda mail scanner'],
  ['Proofpoint', 'Proofpoint mail scanner'],
  ['Mimecast', 'Mimecast mail scanner'],
  ['Trend ?Micro|TMUFE|TMhtload', 'Trend Micro mail scanner'],
  ['IronPort|Cisco[- ](?:Umbrella|Talos|Secure|ESA)', 'Cisco mail scanner'],
  ['Symantec|Blue ?Coat|MessageLabs|CloudMark|FireEye|Trellix|Hornetsecurity|Libraesva|Vade ?Secure', 'mail scanner'],
  // Antivirus programs and services
  ['Kaspersky', 'Kaspersky antivirus'],
  ['Bitdefender(?! ?Safe)', 'Bitdefender antivirus'],
  ['Sophos', 'Sophos antivirus'],
  [
    'F-?Secure|McAfee|Webroot|FortiGuard|Fortinet|Zscaler|Netskope|Check ?Point|Dr\\.?Web|\\bESET\\b',
    'antivirus or web filter',
  ],
  [
    'VirusTotal|urlscan|Netcraft|PhishTank|OpenPhish|Sucuri|Google-Safe-?Browsing',
    'link scanner of a security service',
  ],
  [
    'Censys|Shodan|zgrab|Palo ?Alto Networks|InternetMeasurement|masscan|\\bNmap\\b|Nuclei|Nikto|l9explore|LeakIX',
    'network scanner',
  ],
  // Search engines and assistants
  ['bingbot|BingPreview|adidxbot|msnbot', 'Bing'],
  ['Googlebot|GoogleOther|AdsBot-Google|Mediapartners-Google', 'Google search'],
  ['Applebot', 'Apple search'],
  ['Yandex(?!\\w{0,20}Search)\\w{0,30}/', 'Yandex'],
  ['Baiduspider', 'Baidu'],
  ['DuckDuckBot|DuckAssistBot', 'DuckDuckGo'],
  [
    'GPTBot|ChatGPT|OAI-SearchBot|ClaudeBot|Claude-User|Claude-Web|PerplexityBot|Perplexity-User|Bytespider|Amazonbot|CCBot',
    'AI assistant',
  ],
  ['HeadlessChrome|PhantomJS|Puppeteer|Playwright|Chrome-Lighthouse|Selenium', 'a headless browser'],
];

const anyKnown = new RegExp(known.map(([pattern]) => pattern).join('|'), 'i');
const compiled = known.map(([pattern, name]) => ({ pattern: new RegExp(pattern, 'i'), name }));

/** Patterns without a name of their own. CUBOT is excluded, because it is a brand of phones. */
const unnamed =
  /(?<!cu)bot(?![a-z])|crawl(?:er|ing)|spider|scanner|unfurl|(?:link|ur[il]|page|web)[-_ ]?(?:preview|check|expand|scan|fetch)/i;
/** A URL in the User-Agent, at which the operators of crawlers explain them. */
const address = /[(;,] ?\+https?:\/\//i;
const notABrowser = /\(compatible; (?!MSIE|Konqueror)/i;

/** A browser that isbot takes for a bot. */
const netSurf = /^NetSurf\//;

const maxRead = 500;

/**
 * Returns a readable name of the program if it opens links by itself. `asksLikeBrowser`: whether it identifies as a
 * browser or accepts HTML, which no phone does. Only then is isbot used, because it takes `Unknown` and `belle-sip` for
 * bots.
 */
export function scannerNamed(userAgent: string, asksLikeBrowser: boolean): string | undefined {
  const agent = userAgent.slice(0, maxRead);
  const saysWhy = address.test(agent);
  // The part in parentheses may be a name that a user gave to a phone.
  const text = asksLikeBrowser || saysWhy ? agent : (agent.split('(', 1)[0] ?? '');
  if (anyKnown.test(text)) return compiled.find(({ pattern }) => pattern.test(text))?.name;
  const odd = saysWhy || unnamed.test(text) || (asksLikeBrowser && isBotAmongBrowsers(agent));
  return odd ? 'a program that opens links' : undefined;
}

function isBotAmongBrowsers(agent: string): boolean {
  if (notABrowser.test(agent)) return true;
  // isbot takes every single-word User-Agent for a bot, even that of text browsers such as `Lynx/2.9.0`.
  return /\s/.test(agent) && !netSurf.test(agent) && isbot(agent);
}
