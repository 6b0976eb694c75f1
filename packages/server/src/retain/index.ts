/** Keeping: backups of the records, and their way back. */
export { backup, type BackupDone, type BackupOptions } from './backup.ts';
export { checkBackup } from './read.ts';
export { restore, type RestoreDone, type RestoreOptions } from './restore.ts';
export type { Manifest } from './format.ts';
