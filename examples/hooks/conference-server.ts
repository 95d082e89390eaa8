import type { Hooks } from 'ringup/hooks';

interface ConferenceServer {
  /** Creates group chats. */
  readonly chat: string;
  /** Creates audio and video conferences. */
  readonly media: string;
}

const servers = new Map<string, ConferenceServer>([
  ['sip.example.com', { chat: 'sip:group-chat@conf.example.com', media: 'sip:videoconference@conf.example.com' }],
  ['sip.example.org', { chat: 'sip:chat@conf.example.org', media: 'sip:meet@conf.example.org' }],
]);

/** Gives each space its own conference server. A space that is not listed keeps the one from its linphonerc. */
export default {
  proxy(section, { space, external }) {
    const server = servers.get(space.domain);
    if (server === undefined || external) return;
    section.set('conference_factory_uri', server.chat);
    section.set('audio_video_conference_factory_uri', server.media);
  },
} satisfies Hooks;
