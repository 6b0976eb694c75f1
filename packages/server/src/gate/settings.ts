import type { House } from './house.ts';

/** The figures that the house runs on, by their names in a policy's settings, with what holds where a policy names none. */
const DEFAULTS = {
  password_minimum: 12,
  sign_in_tries: 5,
  sign_in_pause: 15,
  session_hours: 12,
  staff_session_hours: 2,
  proof_hours: 24,
  reset_minutes: 30,
  choice_days: 365,
  hsts_days: 365,
} as const;

/** A figure as the policy in force publishes it: what the page says is what runs. Units are in the names, else counts. */
export function setting(house: Pick<House, 'policy'>, name: keyof typeof DEFAULTS): number {
  const value = house.policy().document.settings[name]?.value;
  return typeof value === 'number' && value > 0 ? value : DEFAULTS[name];
}
