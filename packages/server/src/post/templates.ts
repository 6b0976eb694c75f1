import type { House } from '../gate/house.ts';

/** A letter's words. The link's token is made at the moment of sending; it is in no queue. */
export interface Letter {
  /** The function of the policy in whose name it is sent. */
  function: string;
  /** The one-time link that it carries, if any: purpose and page. */
  link?: { purpose: 'prove_email' | 'reset_password'; path: string };
  /** Goes to an address that the person has proved, and to no other: whoever reads it may act as them. */
  provedOnly?: true;
  subject(house: House): string;
  text(house: House, url: string): string;
}

export type TemplateName = 'prove_email' | 'reset_password' | 'already_member';

const name = (house: House): string => house.policy().document.controller.name;

/** Every letter that this house sends, in English and Chinese at once: a letter cannot ask which. None holds a password. */
export const TEMPLATES: Record<TemplateName, Letter> = {
  prove_email: {
    function: 'email_verification',
    link: { purpose: 'prove_email', path: '/prove' },
    subject: (house) => `${name(house)}: is this your address? / 请验证您的邮箱`,
    text: (house, url) => `Someone, we hope you, gave this address at ${name(house)}.
If it was you, open this page soon and press the button:

${url}

If it was not you, do nothing: the address is not used.

有人（希望是您本人）在 ${name(house)} 填写了此邮箱。如果是您，请尽快打开上面的链接并点击按钮；如果不是您，请忽略此邮件。
`,
  },
  reset_password: {
    function: 'password_reset',
    provedOnly: true,
    link: { purpose: 'reset_password', path: '/set-password' },
    subject: (house) => `${name(house)}: a new password / 重设密码`,
    text: (house, url) => `To set a new password at ${name(house)}, open this page soon. The link works once:

${url}

If you did not ask for it, do nothing. Never tell anyone your password; we never ask for it.

如需重设密码，请尽快打开上面的链接（仅可使用一次）。如果不是您本人要求，请忽略。切勿将密码告诉任何人，我们绝不会索要密码。
`,
  },
  already_member: {
    function: 'email_verification',
    subject: (house) => `${name(house)}: you are a member already / 您已是会员`,
    text: (
      house,
    ) => `Someone, perhaps you, tried to register this address at ${name(house)}. It is a member's already, so nothing has changed.
To sign in: ${house.origin()}/sign-in
If you forgot the password: ${house.origin()}/forgot

有人（也许是您）用此邮箱注册 ${name(house)}。该邮箱已是会员，未作任何更改。如忘记密码，可在上面的页面重设。
`,
  },
};
