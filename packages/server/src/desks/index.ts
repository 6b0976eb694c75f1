/** The door of the desks: questions and concerns, from the sender to the queue. */
export { queueReceiver, receiveCase, mailboxOf, REFERENCE_INDEX } from './receive.ts';
export { channelsOf, enterMessage } from './enter.ts';
export { followRoutes } from './routes.ts';
export { follow } from './follow.ts';
export { caseOf, queue, setState } from './store.ts';
export { stateWords } from './words.ts';
