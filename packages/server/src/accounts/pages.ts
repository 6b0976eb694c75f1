import { html } from 'hono/html';
import type { House } from '../gate/house.ts';
import { rulesOf, label } from '@troth/policy';
import { caveats, clauseLink, general, type Complaints } from '../collect/index.ts';
import type { Frame } from '../platform/web/frame.ts';
import type { Html } from '../platform/web/layout.ts';

const quiet: Complaints = { general: [], fields: new Map() };

/** The advice that the policy gives wherever a password is typed (mic-36: tell it to no one). */
export function passwordAdvice(house: House, frame: Frame): Html[] {
  return rulesOf(house.policy().document, 'tell')
    .filter(({ body }) => body.at.includes('password_fields'))
    .map(({ body, clause }) => html`<p class="box">${label(body.words, frame.language)} ${clauseLink(clause)}</p>`);
}

export function signInPage(house: House, frame: Frame, kind: 'member' | 'staff', complaints: Complaints = quiet): Html {
  const { say } = frame;
  return html`<h1>${kind === 'staff' ? say('Sign in as staff', '员工登录') : say('Sign in', '登录')}</h1>
${general(frame, complaints)}
<form method="post" action="${kind === 'staff' ? '/staff/sign-in' : '/sign-in'}">
<label for="id">${say('ID (your e-mail address)', 'ID（您的电子邮件地址）')}</label>
<input id="id" name="id" type="email" autocomplete="username" required>
<label for="password">${say('Password', '密码')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
${passwordAdvice(house, frame)}${caveats(house, frame)}
<p class="why">${say('Your browser has to accept cookies here: signing in sets one, which keeps you signed in until you sign out or close the browser. It holds a random number and nothing else.', '登录需要浏览器接受 cookie：登录时设置一个，仅保存一个随机数，退出或关闭浏览器即失效。')}</p>
<p><button>${say('Sign in', '登录')}</button></p>
</form>
${kind === 'member' ? html`<p><a href="/forgot">${say('Forgot your password?', '忘记密码？')}</a></p>` : ''}`;
}

export function provePage(frame: Frame, token: string, complaints: Complaints): Html {
  const { say } = frame;
  return html`<h1>${say('Is this your address?', '验证邮箱')}</h1>
${general(frame, complaints)}
<p>${say('You read the mail at this address. Type the password that you chose, to show that the account is yours too.', '您能收到此邮箱的邮件。请输入您设置的密码，确认该账户也属于您。')}</p>
<form method="post" action="/prove"><input type="hidden" name="token" value="${token}">
<label for="password">${say('Password', '密码')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<p><button>${say('Yes, it is mine', '是我的邮箱')}</button></p></form>
<p class="why">${say('If you chose none, somebody else gave your address: close this page, and it is not used.', '如果您没有设置过密码，说明他人填写了您的邮箱：关闭此页即可，该邮箱不会被使用。')}</p>`;
}

export function forgotPage(house: House, frame: Frame): Html {
  const { say } = frame;
  return html`<h1>${say('Forgot your password?', '忘记密码？')}</h1>
<p>${say('Tell us your ID. If it is a member’s, a link to set a new password goes to that address.', '请填写您的 ID。如果它属于会员，我们会向该邮箱发送重设密码的链接。')}</p>
<form method="post" action="/forgot"><label for="id">${say('ID (your e-mail address)', 'ID（您的电子邮件地址）')}</label>
<input id="id" name="id" type="email" autocomplete="username" required>${caveats(house, frame)}<p><button>${say('Send the link', '发送链接')}</button></p></form>`;
}

export function setPasswordPage(house: House, frame: Frame, token: string, complaints = quiet): Html {
  const { say } = frame;
  return html`<h1>${say('Set a password', '设置密码')}</h1>
${general(frame, complaints)}
<form method="post" action="/set-password"><input type="hidden" name="token" value="${token}">
<label for="password">${say('New password', '新密码')}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required>
${passwordAdvice(house, frame)}${caveats(house, frame)}
<p><button>${say('Set it', '设置')}</button></p></form>`;
}
