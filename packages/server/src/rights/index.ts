/** The door of rights: what a person may see and correct of their own. */
export { rightsRoutes } from './routes.ts';
export { heldAbout, offeredFields } from './held.ts';
export { correct } from './correct.ts';
