import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Btf, BtfBuilder, readBtf } from "#kernel";

const name = fc.stringMatching(/^[a-z]{1,8}$/);

/** Structs of pointers to each other, integers and arrays. */
const structs = fc.uniqueArray(
  fc.record({
    name,
    fields: fc.uniqueArray(fc.record({ name, kind: fc.nat(3), to: fc.nat(9) }), {
      selector: (field) => field.name,
      maxLength: 6,
    }),
  }),
  { selector: (struct) => struct.name, minLength: 1, maxLength: 8 },
);

function build(described: typeof structs extends fc.Arbitrary<infer T> ? T : never): BtfBuilder {
  const builder = new BtfBuilder();
  const ids = described.map((struct) => builder.reserve(struct.name, 8 * struct.fields.length));
  described.forEach(({ fields }, index) => {
    const members = fields.map((field, at) => {
      const int = builder.int("long int", 8, 1);
      const types = [int, builder.ptr(ids[field.to % ids.length] ?? 0), builder.array(int, 1)];
      return { name: field.name, type: types[field.kind % 3] ?? int, bitOffset: 64 * at };
    });
    builder.complete(ids[index] ?? 0, members);
  });
  return builder;
}

describe("BTF", () => {
  test("reads as it was written", () => {
    fc.assert(
      fc.property(structs, (described) => {
        const btf = readBtf(build(described).bytes());
        if (!(btf instanceof Btf)) throw new Error(btf);
        for (const { name: struct, fields } of described) {
          const id = btf.find("struct", struct);
          expect(btf.sizeOf(id)).toBe(8 * fields.length);
          const members = fields.map((field) => btf.member(id, field.name)?.bitOffset);
          expect(members).toEqual(fields.map((_, at) => 64 * at));
        }
      }),
    );
  });

  test("that was cut or scribbled over is read or refused, and no more", () => {
    const bytes = build([{ name: "task", fields: [{ name: "pid", kind: 0, to: 0 }] }]).bytes();
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.array(change, { maxLength: 4 }), (length, changes) => {
        const damaged = bytes.slice(0, length);
        for (const { at, to } of changes) if (at < length) damaged[at] = to;
        const read = readBtf(damaged);
        if (read instanceof Btf) for (const id of read.types.keys()) read.sizeOf(id);
        else expect(read).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});
