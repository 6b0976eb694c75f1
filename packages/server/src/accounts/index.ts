/** The door of accounts: who may come in, as member or as staff. */
export { accountRoutes, signInWords } from './routes.ts';
export { memberReceiver } from './receive.ts';
export { passwordAdvice } from './pages.ts';
export { register } from './register.ts';
export { sessionOf, closeSession } from './session.ts';
export { changePassword } from './password.ts';
export { sessionToken, giveSession, takeSession } from './cookies.ts';
export { signIn, knowsPassword } from './sign-in.ts';
export { Throttle } from './throttle.ts';
export { INDEX } from './identifiers.ts';
export { claimEmail } from './claim.ts';
export { addOperator } from './operator.ts';
