import type { Engine } from './engine.ts';

/**
 * The settings of the embedded database, given on its command line so that they hold whatever a file says.
 * Durable, reached by its socket alone, and without a word of anyone's data in its log: PostgreSQL quotes values in error
 * messages, in the details of a unique violation, and in statements, so errors of statements are not logged at all.
 * @param folders where the socket and the log lie
 */
export function settings(engine: Engine, folders: { run: string; logs: string }): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: folders.run,
    unix_socket_permissions: '0700',
    port: '5432',
    cluster_name: 'troth',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '60',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    min_wal_size: '64MB',
    jit: 'off',
    max_logical_replication_workers: '0',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // `log` ranks above `error`: what is left is starts, stops, and FATAL and PANIC.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_duration: 'off',
    log_min_duration_statement: '-1',
    log_min_duration_sample: '-1',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_connections: engine.major >= 18 ? '' : 'off',
    log_disconnections: 'off',
    log_checkpoints: 'off',
    log_lock_waits: 'off',
    log_autovacuum_min_duration: '-1',
    // One file a weekday, written over a week later: the log cannot grow for ever.
    logging_collector: 'on',
    log_destination: 'stderr',
    log_directory: folders.logs,
    log_filename: 'postgres-%a.log',
    log_file_mode: '0600',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    // One process a connection is enough for a house of this size.
    ...(engine.major >= 18 ? { io_method: 'sync' } : {}),
  };
}
