// Proofs that reveal nothing; the same as portal/ballot/proofs.py, where they are explained.
// A statement is a list of pairs [base, image] and says: I know one number w with image = w · base for every pair.
import { BallotRefused, challenge, encoded, fresh, joined, mod, pieces, scalar, times, timesPublic } from "./group.js";

export function prove(secret, statement, { purpose, context, draw = fresh }) {
  const nonce = draw();
  const commitments = statement.map(([base]) => times(nonce, base));
  const asked = challenge(purpose, ...context, ...bytes(statement.flat()), ...bytes(commitments));
  return joined(encoded(asked), encoded(nonce + asked * secret));
}

export function verify(proof, statement, { purpose, context }) {
  const [asked, response] = pieces(proof, 2).map(scalar);
  const commitments = answered(statement, asked, response, timesPublic);
  if (asked !== challenge(purpose, ...context, ...bytes(statement.flat()), ...bytes(commitments))) {
    throw new BallotRefused("proof", `the proof of ${purpose} does not hold`);
  }
}

/** Prove that the statement number `known` holds, without saying which. */
export function proveOneOf(statements, known, secret, { purpose, context, draw = fresh }) {
  const answers = statements.map(() => [draw(), draw()]);
  const nonce = draw();
  const commitments = statements.map((statement, place) => answered(statement, ...answers[place], times));
  commitments[known] = statements[known].map(([base]) => times(nonce, base));
  const asked = challenge(purpose, ...context, ...bytes(statements.flat(2)), ...bytes(commitments.flat()));
  const others = answers.reduce((sum, [other], place) => (place === known ? sum : sum + other), 0n);
  const own = mod(asked - others);
  answers[known] = [own, nonce + own * secret];
  return joined(...answers.flat().map(encoded));
}

export function verifyOneOf(proof, statements, { purpose, context }) {
  const numbers = pieces(proof, 2 * statements.length).map(scalar);
  const commitments = statements.map((statement, place) =>
    answered(statement, numbers[2 * place], numbers[2 * place + 1], timesPublic),
  );
  const asked = challenge(purpose, ...context, ...bytes(statements.flat(2)), ...bytes(commitments.flat()));
  const sum = numbers.reduce((sum, number, place) => (place % 2 ? sum : sum + number), 0n);
  if (asked !== mod(sum)) throw new BallotRefused("proof", `the proof of ${purpose} does not hold`);
}

/** The only commitments that `response` answers `asked` with: response · base − asked · image. */
const answered = (statement, asked, response, multiple) =>
  statement.map(([base, image]) => multiple(response, base).subtract(multiple(asked, image)));

const bytes = (points) => points.map((each) => each.toBytes());
