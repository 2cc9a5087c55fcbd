/**
 * Everything that kbuild itself can say, numbered, in one place. What TypeScript says better keeps
 * TypeScript's own number (TS2305); these are C's rules, the module language's and modpost's.
 *
 * The wording follows gcc 12 and scripts/mod/modpost.c where they have a word for it.
 */

/** An author error, found by the compiler. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

export const MESSAGES = {
  // 20xx: TypeScript that is not C
  notInC: ["QS2001", "{0} do not exist in C"],
  notOwnSource: ["QS2002", "'{0}' is neither a header nor a source of this module"],
  portIsPrivate: [
    "QS2003",
    "'core/port' is for the kernel's own sources: a module sees exported symbols only",
  ],
  notCType: ["QS2004", "'{0}' is not a C type"],
  needsType: ["QS2005", "'{0}' needs a type: {1}"],
  notCIdentifier: ["QS2006", "'{0}' is not a C identifier"],
  topLevelCode: [
    "QS2007",
    "only declarations and macros such as module_init() may stand outside a function",
  ],
  notConstant: ["QS2008", "initializer element is not constant"],
  localStruct: [
    "QS2009",
    "'{0}' would be a struct or array on the stack: make it a variable of the module, or kmalloc it",
  ],
  addressOfLocal: [
    "QS2010",
    "'{0}' lives in a register: only variables of the module and members of structs have an address",
  ],
  structAssignment: [
    "QS2011",
    "a struct is not assigned as a whole here: copy its members, or memcpy",
  ],
  notStaticInitializer: ["QS2012", "{0} may only initialise a variable of the module"],
  useCast: ["QS2013", "'as' does not exist in C: write cast<T>(value)"],

  constantRange: ["QS2015", "integers are exact up to 2^53 here: this constant is not"],
  tooDeep: ["QS2014", "expressions or blocks are nested too deeply"],
  unterminatedIf: ["QS2016", "unterminated #if"],
  withoutIf: ["QS2017", "#{0} without #if"],
  badDirective: ["QS2018", "invalid preprocessing directive #{0}"],
  badCondition: ["QS2019", "'{0}' is not a condition that the preprocessor can evaluate"],
  errorDirective: ["QS2020", "#error {0}"],
  badTest: ["QS2021", "{0}"],
  importCycle: ["QS2022", "import cycle: {0}"],
  listedTwice: ["QS2024", "{0} is listed twice"],
  oneFolder: ["QS2023", "{0} is not in the folder of {1}: the sources of a module lie in one"],

  // 21xx: C's types
  makePointerFromInteger: [
    "QS2101",
    "{0} makes pointer from integer without a cast ('{1}' from '{2}')",
  ],
  makeIntegerFromPointer: [
    "QS2102",
    "{0} makes integer from pointer without a cast ('{1}' from '{2}')",
  ],
  incompatiblePointer: ["QS2103", "{0} from incompatible pointer type ('{1}' from '{2}')"],
  pointerSign: ["QS2104", "pointer targets in {0} differ in signedness ('{1}' from '{2}')"],
  discardsConst: [
    "QS2105",
    "{0} discards 'const' qualifier from pointer target type ('{1}' from '{2}')",
  ],
  incompatibleType: ["QS2106", "incompatible types in {0} ('{1}' from '{2}')"],
  voidValue: ["QS2107", "void value not ignored as it ought to be"],
  invalidOperands: ["QS2108", "invalid operands to '{0}' ('{1}' and '{2}')"],
  invalidOperand: ["QS2109", "wrong type argument to '{0}' ('{1}')"],
  notCallable: ["QS2110", "called object is not a function or function pointer ('{0}')"],
  fewArguments: ["QS2111", "too few arguments to function '{0}': {1} expected, {2} given"],
  manyArguments: ["QS2112", "too many arguments to function '{0}': {1} expected, {2} given"],
  distinctPointers: [
    "QS2113",
    "comparison of distinct pointer types lacks a cast ('{0}' and '{1}')",
  ],
  pointerAndInteger: ["QS2114", "comparison between pointer and integer ('{0}' and '{1}')"],
  incompleteType: ["QS2115", "invalid use of undefined type 'struct {0}': {1}"],
  notLvalue: ["QS2116", "lvalue required as {0}"],
  readOnly: ["QS2117", "assignment of read-only location '{0}'"],
  noMember: ["QS2118", "'struct {0}' has no member named '{1}'"],
  notStruct: ["QS2119", "request for member '{0}' in something not a structure ('{1}')"],
  subscripted: ["QS2120", "subscripted value is neither array nor pointer ('{0}')"],
  returnVoid: ["QS2121", "'return' with a value, in function returning void"],
  returnValue: ["QS2122", "'return' with no value, in function returning non-void"],
  format: [
    "QS2123",
    "format '%{0}' expects argument of type '{1}', but argument {2} has type '{3}'",
  ],
  formatCount: ["QS2124", "format '{0}' expects {1} arguments, but {2} are given"],
  conditionalMismatch: ["QS2125", "type mismatch in conditional expression ('{0}' and '{1}')"],
  builtinArguments: ["QS2126", "{0}"],
  conflictingTypes: [
    "QS2127",
    "conflicting types for '{0}': the header says {1}, the definition {2}",
  ],
  multipleDefinition: ["QS2132", "multiple definition of '{0}': '{1}' defines it too"],
  redefinition: ["QS2128", "redefinition of '{0}': '{1}' declares it too"],
  undeclared: ["QS2130", "'{0}' undeclared"],
  mayFallThrough: ["QS2131", "this statement may fall through [-Werror=implicit-fallthrough=]"],
  caseNotConstant: ["QS2129", "case label does not reduce to an integer constant"],

  // 22xx: linking, as modpost checks it
  undefinedSymbol: ["QS2201", 'ERROR: modpost: "{0}" [{1}.ko] undefined!'],
  gplOnly: ["QS2202", "ERROR: modpost: GPL-incompatible module {1}.ko uses GPL-only symbol '{0}'"],
  namespace: [
    "QS2204",
    "ERROR: modpost: module {0} uses symbol {1} from namespace {2}, but does not import it.",
  ],
  badMarker: ["QS2203", "{0}"],

  // 23xx: headers
  duplicateStruct: ["QS2301", "redefinition of 'struct {0}': '{1}' defines it too"],
  recursiveStruct: ["QS2302", "'struct {0}' contains itself"],
  badMember: ["QS2303", "member '{0}' of 'struct {1}' has no size"],
  badTag: ["QS2304", "'{0}' is declared as a struct by `interface {0} extends struct<\"{0}\">`"],
} as const satisfies Record<string, readonly [code: string, text: string]>;

export type MessageKey = keyof typeof MESSAGES;

export const formatMessage = (key: MessageKey, args: readonly (string | number)[]): string =>
  MESSAGES[key][1].replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)] ?? ""));
