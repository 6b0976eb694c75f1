/** The door of the post room: letters to people, each sent in the name of a function that the policy lists. */
export { queueMail } from './queue.ts';
export { sendDueMails } from './send.ts';
export { clearEmail } from './address.ts';
export type { TemplateName } from './templates.ts';
