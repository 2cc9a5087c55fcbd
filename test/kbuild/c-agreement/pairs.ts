/**
 * The same few lines as C and as a module, and what a compiler must say to both. Grouped by the
 * classes of API breaks that show at build time; each class has its harmless neighbour beside it.
 */

/** One release's header, in both languages. */
export const API_C = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32;
typedef unsigned long long u64; typedef long long s64; typedef int pid_t; typedef unsigned long size_t;
typedef u32 gfp_t;
#define bool _Bool
#define true 1
#define false 0
#define NULL ((void *)0)
#define offsetof(t, m) __builtin_offsetof(t, m)
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
struct list_head { struct list_head *next, *prev; };
struct pid;
struct task_struct {
  long state; pid_t pid; pid_t tgid; u32 uid; u8 small; bool dead; char comm[16];
  struct list_head tasks; struct task_struct *parent; u64 start_time; unsigned long flags;
  void (*wake)(struct task_struct *task);
};
struct regs { unsigned long epc; unsigned long x[31]; };
enum action { STOP, REPORT, RESUME };
struct engine;
struct engine_ops {
  u32 (*report)(u32 action, struct engine *engine, struct regs *regs);
  void (*release)(void *data);
};
struct engine { const struct engine_ops *ops; void *data; unsigned long flags; };
#define CREATE 0x10
struct engine *attach(struct task_struct *task, int flags, const struct engine_ops *ops, void *data);
int control(struct task_struct *task, struct engine *engine, enum action action);
__attribute__((format(printf, 1, 2))) int printk(const char *fmt, ...);
void *kmalloc(size_t size, gfp_t flags);
void kfree(const void *object);
struct task_struct *get_current(void);
struct pid *task_pid(struct task_struct *task);
int same_name(const char *a, const char *b);
void set_name(char *to);
int task_nr(const struct task_struct *task);
void fill(int *to);
void fill_long(long *to);
void take_byte(u8 byte);
void take_bool(bool flag);
static inline void engine_put(struct engine *engine) { kfree(engine); }
`;

export const API_MODULE = `
import { array, bool, char, chars, const_ptr, const_voidp, cstring, gfp_t, int, long, pid_t, ptr, size_t, struct, u32, u64, u8, unsigned_long, varargs, voidp } from "linux/types";
export interface list_head extends struct<"list_head"> { next: ptr<list_head>; prev: ptr<list_head>; }
export interface pid extends struct<"pid"> {}
export interface task_struct extends struct<"task_struct"> {
  state: long; pid: pid_t; tgid: pid_t; uid: u32; small: u8; dead: bool; comm: chars<16>;
  tasks: list_head; parent: ptr<task_struct>; start_time: u64; flags: unsigned_long;
  wake: (task: ptr<task_struct>) => void;
}
export interface regs extends struct<"regs"> { epc: unsigned_long; x: array<unsigned_long, 31>; }
export const enum action { STOP, REPORT, RESUME }
export interface engine_ops extends struct<"engine_ops"> {
  report: (action: u32, engine: ptr<engine>, regs: ptr<regs>) => u32;
  release: (data: voidp) => void;
}
export interface engine extends struct<"engine"> { ops: const_ptr<engine_ops>; data: voidp; flags: unsigned_long; }
export const CREATE = 0x10;
export declare function attach(task: ptr<task_struct>, flags: int, ops: const_ptr<engine_ops>, data: voidp): ptr<engine>;
export declare function control(task: ptr<task_struct>, engine: ptr<engine>, action: action): int;
export declare function printk(fmt: cstring, ...args: varargs): int;
export declare function kmalloc(size: size_t, flags: gfp_t): voidp;
export declare function kfree(object: const_voidp): void;
export declare function get_current(): ptr<task_struct>;
export declare function task_pid(task: ptr<task_struct>): ptr<pid>;
export declare function same_name(a: cstring, b: cstring): int;
export declare function set_name(to: ptr<char>): void;
export declare function task_nr(task: const_ptr<task_struct>): int;
export declare function fill(to: ptr<int>): void;
export declare function fill_long(to: ptr<long>): void;
export declare function take_byte(byte: u8): void;
export declare function take_bool(flag: bool): void;
export function engine_put(engine: ptr<engine>): void { kfree(engine); }
`;

export interface Pair {
  readonly title: string;
  readonly verdict: "accepted" | "refused";
  readonly c: string;
  readonly module: string;
  /** Headers beside the API, as `linux/NAME`. */
  readonly headers?: Readonly<Record<string, { readonly c: string; readonly module: string }>>;
}

const body = (title: string, verdict: Pair["verdict"], c: string, module: string): Pair => ({
  title,
  verdict,
  c: `int f(struct task_struct *task, struct engine *engine, int n);\nint f(struct task_struct *task, struct engine *engine, int n) { ${c} return 0; }`,
  module: `export function f(task: ptr<task_struct>, engine: ptr<engine>, n: int): int { ${module} return 0; }`,
});

const CALLBACK_C =
  "static u32 on(u32 action, struct engine *engine, struct regs *regs) { return action; }";
const CALLBACK =
  "function on(action: u32, engine: ptr<engine>, regs: ptr<regs>): u32 { return action; }";
const OPS_C = "const struct engine_ops ops = { .report = on };";
const OPS = "const ops: engine_ops = { report: on };";

const file = (title: string, verdict: Pair["verdict"], c: string, module: string): Pair => ({
  title,
  verdict,
  c,
  module,
});

const linkage: readonly Pair[] = [
  body("a symbol that exists", "accepted", "get_current();", "get_current();"),
  body("a symbol that was removed", "refused", "find_task_by_pid(n);", "find_task_by_pid(n);"),
  body("a symbol that was renamed", "refused", "attach_task(task);", "attach_task(task);"),
  body("a macro that was removed", "refused", "n = CREATE_NEW;", "n = CREATE_NEW;"),
  body(
    "a macro as an argument",
    "accepted",
    "attach(task, CREATE, NULL, NULL);",
    "attach(task, CREATE, NULL, NULL);",
  ),
  file(
    "a compatibility function whose name the header took",
    "refused",
    "static void engine_put(struct engine *engine) { kfree(engine); }\nvoid g(struct engine *e); void g(struct engine *e) { engine_put(e); }",
    "function engine_put(engine: ptr<engine>): void { kfree(engine); }\nexport function g(e: ptr<engine>): void { engine_put(e); }",
  ),
  file(
    "a static function named as an extern one of the header",
    "refused",
    "static int task_nr(const struct task_struct *task) { return 1; }\nint g(void); int g(void) { return task_nr(NULL); }",
    "function task_nr(task: const_ptr<task_struct>): int { return 1; }\nexport function g(): int { return task_nr(NULL); }",
  ),
  file(
    "a header that was moved",
    "refused",
    '#include "linux/gone.h"',
    'import { gone } from "linux/gone";',
  ),
  {
    ...body("a header that is there", "accepted", "n = here(n);", "n = here(n);"),
    headers: {
      here: {
        c: "int here(int n);",
        module: 'import { int } from "linux/types";\nexport declare function here(n: int): int;',
      },
    },
  },
];

const calls: readonly Pair[] = [
  body(
    "an argument fewer than the prototype has",
    "refused",
    "control(task, engine);",
    "control(task, engine);",
  ),
  body(
    "an argument more than the prototype has",
    "refused",
    "control(task, engine, STOP, 0);",
    "control(task, engine, action.STOP, 0);",
  ),
  body(
    "arguments in another order",
    "refused",
    "control(engine, task, STOP);",
    "control(engine, task, action.STOP);",
  ),
  body("a parameter that became another struct", "refused", "task_nr(engine);", "task_nr(engine);"),
  body("a parameter that became a pointer", "refused", "task_pid(n);", "task_pid(n);"),
  body("a parameter that became an integer", "refused", "take_byte(task);", "take_byte(task);"),
  body(
    "an integer of another width as an argument",
    "accepted",
    "take_byte(n); kmalloc(n, n);",
    "take_byte(n); kmalloc(n, n);",
  ),
  body("a result that became a pointer", "refused", "n = task_pid(task);", "n = task_pid(task);"),
  body(
    "a result that became an integer",
    "refused",
    "task = control(task, engine, STOP);",
    "task = control(task, engine, action.STOP);",
  ),
  body("a result that became void", "refused", "n = (kfree(task));", "n = kfree(task);"),
  body(
    "a result that nobody uses",
    "accepted",
    "control(task, engine, RESUME);",
    "control(task, engine, action.RESUME);",
  ),
  body("a call of what is no function", "refused", "task->pid(1);", "task.pid(1);"),
  body("a call through a member", "accepted", "task->wake(task);", "task.wake(task);"),
  body(
    "a call through a member with the wrong struct",
    "refused",
    "task->wake(engine);",
    "task.wake(engine);",
  ),
  body(
    "a call through a member with too many arguments",
    "refused",
    "task->wake(task, 1);",
    "task.wake(task, 1);",
  ),
  body(
    "a pointer to int where a pointer to long is wanted",
    "refused",
    "int *p = NULL; fill_long(p);",
    "let p: ptr<int> = null; fill_long(p);",
  ),
  body(
    "a pointer to int where it is wanted",
    "accepted",
    "int *p = NULL; fill(p);",
    "let p: ptr<int> = null; fill(p);",
  ),
  body(
    "a pointer to unsigned where a pointer to int is wanted",
    "refused",
    "u32 *p = NULL; fill(p);",
    "let p: ptr<u32> = null; fill(p);",
  ),
];

const callbacks: readonly Pair[] = [
  file(
    "a callback of the right type",
    "accepted",
    `${CALLBACK_C}\n${OPS_C}`,
    `${CALLBACK}\n${OPS}`,
  ),
  file(
    "a callback with a parameter too few",
    "refused",
    `static u32 on(u32 action, struct engine *engine) { return action; }\n${OPS_C}`,
    `function on(action: u32, engine: ptr<engine>): u32 { return action; }\n${OPS}`,
  ),
  file(
    "a callback with a parameter too many",
    "refused",
    `static u32 on(u32 action, struct engine *engine, struct regs *regs, int n) { return action; }\n${OPS_C}`,
    `function on(action: u32, engine: ptr<engine>, regs: ptr<regs>, n: int): u32 { return action; }\n${OPS}`,
  ),
  file(
    "a callback that takes another struct",
    "refused",
    `static u32 on(u32 action, struct task_struct *task, struct regs *regs) { return action; }\n${OPS_C}`,
    `function on(action: u32, task: ptr<task_struct>, regs: ptr<regs>): u32 { return action; }\n${OPS}`,
  ),
  file(
    "a callback that returns void",
    "refused",
    `static void on(u32 action, struct engine *engine, struct regs *regs) { }\n${OPS_C}`,
    `function on(action: u32, engine: ptr<engine>, regs: ptr<regs>): void { }\n${OPS}`,
  ),
  file(
    "a callback that returns another integer",
    "refused",
    `static int on(u32 action, struct engine *engine, struct regs *regs) { return 0; }\n${OPS_C}`,
    `function on(action: u32, engine: ptr<engine>, regs: ptr<regs>): int { return 0; }\n${OPS}`,
  ),
  file(
    "a callback whose integer parameter has another width",
    "refused",
    `static u32 on(unsigned long action, struct engine *engine, struct regs *regs) { return 0; }\n${OPS_C}`,
    `function on(action: unsigned_long, engine: ptr<engine>, regs: ptr<regs>): u32 { return 0; }\n${OPS}`,
  ),
  file(
    "a callback whose parameter became const",
    "refused",
    `static u32 on(u32 action, const struct engine *engine, struct regs *regs) { return 0; }\n${OPS_C}`,
    `function on(action: u32, engine: const_ptr<engine>, regs: ptr<regs>): u32 { return 0; }\n${OPS}`,
  ),
  file(
    "an ops table without some members",
    "accepted",
    "const struct engine_ops ops = { };",
    "const ops: engine_ops = {};",
  ),
  file(
    "a member that the ops table no longer has",
    "refused",
    `${CALLBACK_C}\nconst struct engine_ops ops = { .report_syscall = on };`,
    `${CALLBACK}\nconst ops: engine_ops = { report_syscall: on };`,
  ),
  file(
    "an ops table that became another struct",
    "refused",
    `${CALLBACK_C}\nconst struct tracer_ops ops = { .report = on };`,
    `${CALLBACK}\nconst ops: tracer_ops = { report: on };`,
  ),
  file(
    "the table of another struct handed over",
    "refused",
    "static struct regs ops = { 0 };\nvoid g(struct task_struct *t); void g(struct task_struct *t) { attach(t, 0, &ops, NULL); }",
    "let ops: regs = { epc: 0 };\nexport function g(t: ptr<task_struct>): void { attach(t, 0, addr(ops), NULL); }",
  ),
  file(
    "a callback assigned at run time, of the wrong arity",
    "refused",
    "static void on(void) { }\nvoid g(struct task_struct *t); void g(struct task_struct *t) { t->wake = on; }",
    "function on(): void { }\nexport function g(t: ptr<task_struct>): void { t.wake = on; }",
  ),
];

const data: readonly Pair[] = [
  body("a member that is there", "accepted", "n = task->pid;", "n = task.pid;"),
  body("a member that was renamed", "refused", "n = task->thread_pid;", "n = task.thread_pid;"),
  body(
    "a member that moved to another struct",
    "refused",
    "n = task->cred->uid;",
    "n = task.cred.uid;",
  ),
  body("a member that became a pointer", "refused", "n = task->parent;", "n = task.parent;"),
  body("a member that became an integer", "refused", "task = task->flags;", "task = task.flags;"),
  body(
    "a member that became another struct",
    "refused",
    "engine = task->parent;",
    "engine = task.parent;",
  ),
  body("a member that became wider", "accepted", "n = task->start_time;", "n = task.start_time;"),
  body("a member of what is no struct", "refused", "n = task->pid.nr;", "n = task.pid.nr;"),
  body(
    "a struct that was made opaque, dereferenced",
    "refused",
    "struct pid *p = task_pid(task); n = p->nr;",
    "let p: ptr<pid> = task_pid(task); n = p.nr;",
  ),
  body(
    "a struct that was made opaque, passed on",
    "accepted",
    "struct pid *p = task_pid(task); kfree(p);",
    "let p: ptr<pid> = task_pid(task); kfree(p);",
  ),
  body(
    "the size of an opaque struct",
    "refused",
    "kmalloc(sizeof(struct pid), 0);",
    "kmalloc(sizeof<pid>(), 0);",
  ),
  body(
    "the size of a struct",
    "accepted",
    "kmalloc(sizeof(struct regs), 0);",
    "kmalloc(sizeof<regs>(), 0);",
  ),
  body(
    "an element of an array",
    "accepted",
    "struct regs *r = engine->data; n = r->x[3];",
    "let r: ptr<regs> = engine.data; n = r.x[3];",
  ),
  body("an index into what is no array", "refused", "n = task->pid[1];", "n = task.pid[1];"),
  body(
    "container_of a member that is gone",
    "refused",
    "task = container_of(task->tasks.next, struct task_struct, children);",
    'task = container_of<task_struct>(task.tasks.next, "children");',
  ),
  body(
    "container_of a member",
    "accepted",
    "task = container_of(task->tasks.next, struct task_struct, tasks);",
    'task = container_of<task_struct>(task.tasks.next, "tasks");',
  ),
  body(
    "a store through a const pointer",
    "refused",
    "const struct engine_ops *ops = engine->ops; ops->release = NULL;",
    "const ops = engine.ops; ops.release = NULL;",
  ),
  body("an assignment to an array", "refused", 'task->comm = "x";', 'task.comm = "x";'),
];

const conversions: readonly Pair[] = [
  body(
    "an integer as a truth value",
    "accepted",
    "bool b = n; take_bool(task->uid); n = b;",
    "let b: bool = n; take_bool(task.uid); n = b;",
  ),
  body(
    "a pointer as a condition",
    "accepted",
    "if (task && !engine) n = 1;",
    "if (task && !engine) n = 1;",
  ),
  body("a pointer as a bool", "accepted", "bool b = task; n = b;", "let b: bool = task; n = b;"),
  body(
    "arithmetic on truth values",
    "accepted",
    "n = (n > 1) + (n < 3); task->dead = n == 1;",
    "n = (n > 1) + (n < 3); task.dead = n == 1;",
  ),
  body(
    "an integer where an enum is wanted",
    "accepted",
    "control(task, engine, n);",
    "control(task, engine, n);",
  ),
  body(
    "an enum where an integer is wanted",
    "accepted",
    "n = RESUME; attach(task, STOP, NULL, NULL);",
    "n = action.RESUME; attach(task, action.STOP, NULL, NULL);",
  ),
  body(
    "void * to a struct pointer",
    "accepted",
    "struct regs *r = kmalloc(8, 0); r->epc = 0;",
    "let r: ptr<regs> = kmalloc(8, 0); r.epc = 0;",
  ),
  body(
    "a struct pointer to void *",
    "accepted",
    "void *p = task; kfree(p);",
    "let p: voidp = task; kfree(p);",
  ),
  body("an integer to void *", "refused", "kfree(n);", "kfree(n);"),
  body(
    "NULL, and 0, to pointers",
    "accepted",
    "task = NULL; engine = 0; task->wake = NULL; n = task == NULL;",
    "task = NULL; engine = 0; task.wake = NULL; n = task == NULL;",
  ),
  body("an integer to a struct pointer", "refused", "task = n;", "task = n;"),
  body("a constant that is not zero to a pointer", "refused", "task = 1;", "task = 1;"),
  body(
    "a cast from an integer to a pointer",
    "accepted",
    "task = (struct task_struct *)task->flags;",
    "task = cast<ptr<task_struct>>(task.flags);",
  ),
  body(
    "a cast between struct pointers",
    "accepted",
    "engine = (struct engine *)task;",
    "engine = cast<ptr<engine>>(task);",
  ),
  body(
    "a cast of a pointer to a narrow integer",
    "refused",
    "n = (int)task;",
    "n = cast<int>(task);",
  ),
  body(
    "a cast of a pointer to long",
    "accepted",
    "task->state = (long)engine;",
    "task.state = cast<long>(engine);",
  ),
  body("another struct's pointer", "refused", "task = engine;", "task = engine;"),
  body(
    "a pointer compared with another struct's",
    "refused",
    "n = task == engine;",
    "n = task == engine;",
  ),
  body("a pointer compared with an integer", "refused", "n = task == n;", "n = task == n;"),
  body(
    "const discarded",
    "refused",
    "struct engine_ops *o = engine->ops; n = o == NULL;",
    "let o: ptr<engine_ops> = engine.ops; n = o == NULL;",
  ),
  body(
    "const added",
    "accepted",
    'task_nr(task); same_name(task->comm, "sh");',
    'task_nr(task); same_name(task.comm, "sh");',
  ),
  body(
    "a const string where a buffer is wanted",
    "refused",
    "const char *s = task->comm; set_name(s);",
    "let s: cstring = task.comm; set_name(s);",
  ),
  body(
    "a buffer where a buffer is wanted",
    "accepted",
    "set_name(task->comm);",
    "set_name(task.comm);",
  ),
  body("a struct where an integer is wanted", "refused", "n = task->tasks;", "n = task.tasks;"),
  body("the product of a pointer", "refused", "n = task * 2;", "n = task * 2;"),
  body("a negated pointer", "refused", "n = ~(task);", "n = ~task;"),
  body(
    "pointer arithmetic",
    "accepted",
    "task = task + 1; n = (task + 3) - task;",
    "task = task + 1; n = (task + 3) - task;",
  ),
  body("the sum of two pointers", "refused", "task = task + engine;", "task = task + engine;"),
  body(
    "a conditional of two structs' pointers",
    "refused",
    "void *p = n ? task : engine; kfree(p);",
    "let p: voidp = n ? task : engine; kfree(p);",
  ),
  body(
    "a conditional of a pointer and NULL",
    "accepted",
    "task = n ? task : NULL;",
    "task = n ? task : NULL;",
  ),
  body(
    "a format that fits",
    "accepted",
    'printk("%s %d %lu %p %llu\\n", task->comm, n, task->flags, engine, task->start_time);',
    'printk("%s %d %lu %p %llu\\n", task.comm, n, task.flags, engine, task.start_time);',
  ),
  body(
    "a format for a member that became wider",
    "refused",
    'printk("%d\\n", task->flags);',
    'printk("%d\\n", task.flags);',
  ),
  body(
    "a format for a member that became a struct",
    "refused",
    'printk("%d\\n", task->parent);',
    'printk("%d\\n", task.parent);',
  ),
  body(
    "a format that lacks an argument",
    "refused",
    'printk("%d %d\\n", n);',
    'printk("%d %d\\n", n);',
  ),
];

const functions: readonly Pair[] = [
  file(
    "a function that forgets its result",
    "refused",
    "int g(int n); int g(int n) { if (n) return 1; }",
    "export function g(n: int): int { if (n) return 1; }",
  ),
  file(
    "a void function that returns a value",
    "refused",
    "void g(int n); void g(int n) { return n; }",
    "export function g(n: int): void { return n; }",
  ),
  file(
    "a value function that returns none",
    "refused",
    "int g(void); int g(void) { return; }",
    "export function g(): int { return; }",
  ),
  file(
    "a function that returns another struct's pointer",
    "refused",
    "struct engine *g(struct task_struct *t); struct engine *g(struct task_struct *t) { return t; }",
    "export function g(t: ptr<task_struct>): ptr<engine> { return t; }",
  ),
  file(
    "an assignment to a constant",
    "refused",
    "int g(void); int g(void) { CREATE = 1; return 0; }",
    "export function g(): int { CREATE = 1; return 0; }",
  ),
  file(
    "a static initialiser that is a call",
    "refused",
    "int w = task_nr(NULL);",
    "let w: int = task_nr(NULL);",
  ),
  file(
    "a static initialiser that is an address",
    "accepted",
    "static int x; int *where = &x;",
    "let x: int = 0;\nlet where: ptr<int> = addr(x);",
  ),
  file(
    "a switch on an integer",
    "accepted",
    "int g(int n); int g(int n) { switch (n) { case STOP: return 1; case CREATE: return 2; default: return 3; } }",
    "export function g(n: int): int { switch (n) { case action.STOP: return 1; case CREATE: return 2; default: return 3; } }",
  ),
  file(
    "a case label that is no constant",
    "refused",
    "int g(int n, int m); int g(int n, int m) { switch (n) { case m: return 1; default: return 3; } }",
    "export function g(n: int, m: int): int { switch (n) { case m: return 1; default: return 3; } }",
  ),
  file(
    "an undeclared variable",
    "refused",
    "int g(void); int g(void) { return total; }",
    "export function g(): int { return total; }",
  ),
  file(
    "a variable declared twice",
    "refused",
    "int g(void); int g(void) { int n = 1; int n = 2; return n; }",
    "export function g(): int { let n: int = 1; let n: int = 2; return n; }",
  ),
];

export const PAIRS: readonly Pair[] = [
  ...linkage,
  ...calls,
  ...callbacks,
  ...data,
  ...conversions,
  ...functions,
];
