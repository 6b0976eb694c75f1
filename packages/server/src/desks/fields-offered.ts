import { formOf, membersOf, rulesOf } from '@troth/policy';
import type { House } from '../gate/house.ts';

/** The fields of a service that the policy lets a person see on a kind of proof. */
export function fieldsOffered(house: House, right: 'access', proof: 'reference', service: string): string[] {
  const { document } = house.policy();
  const offered = new Set(
    rulesOf(document, 'offer')
      .filter(({ body }) => body.right.includes(right) && body.proof.includes(proof))
      .flatMap(({ body }) => body.data.flatMap((data) => membersOf(document, data))),
  );
  return (formOf(document, service)?.fields ?? []).map((field) => field.data).filter((data) => offered.has(data));
}
