export { attachPostgres, isRunning } from './attach.ts';
export type { Engine } from './engine.ts';
export { findPlace } from './place.ts';
export { startPostgres, type Postgres, type StartOptions } from './start.ts';
