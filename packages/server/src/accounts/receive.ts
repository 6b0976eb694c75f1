import { html } from 'hono/html';
import type { Receiver } from '../collect/index.ts';
import type { House } from '../gate/house.ts';
import { notePage } from '../platform/web/layout.ts';
import { register } from './register.ts';

/** Takes the form of a service of kind `account`: the same thanks whether the address was free or not. */
export function memberReceiver(house: House): Receiver {
  return {
    async receive(c, prepared) {
      const frame = c.get('frame');
      await register(house, prepared);
      const title = frame.say('Look at your mail', '请查收邮件');
      const line = frame.say(
        'We have sent a link to the address you gave. Open it to prove that the address is yours; then you can sign in.',
        '我们已向您填写的邮箱发送链接。打开链接验证邮箱后即可登录。',
      );
      const outbox = frame.development
        ? [
            html`${frame.say('In development the mail is in the', '开发模式下，邮件在')} <a href="/outbox">${frame.say('outbox', '开发邮箱')}</a>.`,
          ]
        : [];
      return {
        title,
        body: notePage(frame, title, [line, ...outbox], [['/sign-in', frame.say('Sign in', '登录')]]),
        facts: { next: 'prove_email' },
      };
    },
  };
}
