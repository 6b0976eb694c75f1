export type Level = 'error' | 'warning';

interface Entry {
  readonly level: Level;
  /** What is wrong, as a sentence without a full stop. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
}

const error = (what: string, mend: string): Entry => ({ level: 'error', what, mend });
const warning = (what: string, mend: string): Entry => ({ level: 'warning', what, mend });

/** Every problem that `parse` and `check` can report. Nothing else is ever reported. */
export const DIAGNOSTICS = {
  // The file as a whole
  too_large: error('the policy is too large', 'Give a policy text; one of this size is not one that people read.'),
  binary_input: error('this is not a text file', 'Give a Markdown file in UTF-8.'),
  too_deep: error('the Markdown nests too deeply', 'Keep lists and quotes at most 20 levels deep.'),
  too_dense: error('too many brackets or stars between two blank lines', 'Break the text up with blank lines.'),
  unreadable: error('the text could not be read as Markdown', 'Simplify the text around this place.'),
  no_front_matter: error('the policy has no front matter', 'Begin the file with a YAML block between two lines "---".'),
  no_clauses: error('the policy has no clause', 'Write at least one paragraph that ends with {#an-id}.'),

  // YAML, wherever it stands
  yaml_syntax: error(
    'this is not valid YAML',
    'Mend the YAML at this place; quote text that holds ": " or starts with a special sign.',
  ),
  yaml_alias: error('YAML anchors and aliases are not allowed', 'Write the value out where it is needed.'),
  yaml_tag: error('YAML tags are not allowed', 'Remove the tag that starts with "!".'),
  wrong_shape: error('a value has the wrong shape', 'Write the value in the shape that is expected.'),
  unknown_key: error('an unknown key', 'Use one of the keys that are expected, or remove it.'),
  missing_key: error('a key is missing', 'Add the key.'),
  unknown_value: error('an unknown value', 'Use one of the values that are expected.'),
  empty_list: error('an empty list', 'Name at least one, or leave the key out.'),
  bad_id: error('an id of the wrong form', 'Use lower-case letters, digits and underscores, and start with a letter.'),

  // Prose and rules
  prose_without_id: error(
    'prose without an id',
    'End the paragraph or list item with {#an-id}, or make it a blockquote if it is a remark.',
  ),
  misplaced_id: error(
    'an id that does not stand at the end',
    'Put one {#an-id} at the very end of the paragraph or list item.',
  ),
  bad_clause_id: error(
    'a clause id of the wrong form',
    'Use letters, digits, dots, hyphens and underscores, and start with a letter or digit.',
  ),
  duplicate_id: error('an id is used twice', 'Give each clause and each section an id of its own.'),
  clause_without_rule: error(
    'a clause without a rule',
    'Add a ```rule block below it, or say "state: definition", "scope", "belief" or "role".',
  ),
  rule_without_clause: error('a rule without a clause', 'Put the ```rule block right below the clause that it keeps.'),
  unknown_block: error(
    'a block that is neither prose, rule, terms nor remark',
    'Use paragraphs, lists, blockquotes, ```rule and ```terms only.',
  ),
  unknown_verb: error('an unknown verb', 'Use one of the verbs that are expected.'),
  mixed_statement: warning(
    'a clause that is a statement and has another rule too',
    'Keep either the statement or the rules.',
  ),
  broken_reference: error(
    'a link to a place that is not there',
    'Point it at the id of a clause or a section of this document.',
  ),

  // Terms
  duplicate_term: error('a term is declared twice', 'Keep one declaration.'),
  undeclared_term: error('an undeclared term', 'Declare it in a ```terms block, or mend the spelling.'),
  unknown_clause: error('a clause that is not there', 'Name the id of a clause of this document.'),
  undeclared_setting: error('an undeclared setting', 'Declare it under "settings" in the front matter.'),
  not_a_group: error(
    'a term is put into something that is not a group',
    'Mark the target with "group: true", or remove it from "in".',
  ),
  group_cycle: error('groups that contain each other', 'Break the circle by removing one "in".'),
  empty_group: warning('a group without members', 'Put terms into it with "in", or remove it.'),
  unused_term: warning('a term that no rule names', 'Remove it, or write the rule that it is for.'),

  // Meaning
  not_in_rule: error(
    'a field is named that the rule does not collect',
    'Add it to "data" of the same rule, or remove it here.',
  ),
  field_without_input: warning(
    'a form is to collect a field that has no input',
    'Give the data term an "input", or say "from: device" or another source.',
  ),
  function_not_named: error('functions may act, but none is named', 'List the functions in "functions".'),
  collected_never_used: warning(
    'data are collected but never used',
    'Stop collecting them, or write what they are used for.',
  ),
  used_never_collected: warning('data are used but never collected', 'Write where they come from, or remove the use.'),
  consent_not_asked: error(
    'a consent is needed that nothing asks for',
    'Add an "ask" for this purpose (and recipient).',
  ),
  consent_not_needed: warning(
    'a consent is asked for that nothing needs',
    'Remove the "ask", or give the rule it is for "basis: consent".',
  ),
  contradiction: error(
    'a grant that a prohibition takes away wholly',
    'Name the granting clause in "unless" of the prohibition, or remove one of the two.',
  ),
  partial_contradiction: warning(
    'a prohibition takes away part of a grant',
    'If that is meant, leave it; else name the granting clause in "unless".',
  ),
  unless_without_grant: warning(
    'an exception for a clause that grants nothing of the kind',
    'Name a clause that grants what the prohibition forbids.',
  ),
  shared_without_ground: error(
    'data leave the house without a ground',
    'Say the "basis" (or, for disclose, the "ground"); "not_stated" says openly that the text gives none.',
  ),
  cookie_without_rule: warning(
    'a cookie is declared but no rule sets it',
    'Write a "cookie" rule, or remove the term.',
  ),
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;
