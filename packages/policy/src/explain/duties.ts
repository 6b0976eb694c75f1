import type { Tables } from '../compile/tables.ts';
import type { Duty } from '../model/request.ts';
import { nameOf } from './names.ts';

/** What a permit binds to, as a sentence without a full stop. */
export function dutySentence(tables: Tables, duty: Duty, chinese: boolean): string {
  const names = (ids: readonly string[]): string =>
    ids.map((id) => nameOf(tables, 'data', id, chinese)).join(chinese ? '、' : ', ');
  switch (duty.kind) {
    case 'mask':
      return chinese ? `${names(duty.data)}须遮盖显示` : `show ${names(duty.data)} masked`;
    case 'show_clear':
      return chinese ? `${names(duty.data)}可以明文显示` : `${names(duty.data)} may be shown in full`;
    case 'log':
      return chinese ? '须记录在案' : 'this is recorded';
    case 'acknowledge':
      return chinese ? `须记录对条款 ${duty.clause} 的确认` : `record that clause ${duty.clause} was acknowledged`;
    case 'warn':
      return chinese ? `须先按条款 ${duty.clause} 提醒` : `warn first, as clause ${duty.clause} says`;
    case 'one_release':
      return chinese ? `按条款 ${duty.clause} 仅限一次` : `good for one release only, as clause ${duty.clause} says`;
    case 'cell':
      return chinese
        ? `人数过少的组不得显示（设置 ${duty.setting}）`
        : `withhold groups that are too small (setting ${duty.setting})`;
    case 'prove':
      return chinese ? `须先证明身份（条款 ${duty.clause}）` : `prove who you are first, as clause ${duty.clause} says`;
  }
}
