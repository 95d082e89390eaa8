import type { Hooks } from 'ringup/hooks';

const transports = ['tls', 'tcp', 'udp'];

/**
 * Takes settings from the address that the phone opens: `…/provisioning/TOKEN?transport=tcp&expires=600`.
 *
 * Anyone who has the address can change its query, so only values that are known to be harmless are used.
 */
export default {
  proxy(section, { request, space, external }) {
    if (external) return;
    const transport = request.query.get('transport');
    if (transport !== null && transports.includes(transport)) {
      const server = space.registrar.replace(/;transport=\w+$/i, '');
      section.set('reg_proxy', `<${server};transport=${transport}>`);
    }
    const expires = Number(request.query.get('expires'));
    if (Number.isInteger(expires) && expires >= 60 && expires <= 86_400) {
      section.set('reg_expires', String(expires));
    }
  },
} satisfies Hooks;
