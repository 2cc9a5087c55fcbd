/**
 * Circular doubly linked lists whose links are members of the listed objects.
 * After include/linux/list.h of 2.6.32. The iteration macros are written out where they are used:
 * `for (let pos = head.next; pos !== head; pos = pos.next) container_of<T>(pos, "entry")`.
 */
import { bool, ptr, struct } from "linux/types";

export interface list_head extends struct<"list_head"> {
  next: ptr<list_head>;
  prev: ptr<list_head>;
}

export function INIT_LIST_HEAD(list: ptr<list_head>): void {
  list.next = list;
  list.prev = list;
}

export function list_empty(head: ptr<list_head>): bool {
  return head.next === head;
}

export function __list_add(
  entry: ptr<list_head>,
  prev: ptr<list_head>,
  next: ptr<list_head>,
): void {
  next.prev = entry;
  entry.next = next;
  entry.prev = prev;
  prev.next = entry;
}

export function list_add(entry: ptr<list_head>, head: ptr<list_head>): void {
  __list_add(entry, head, head.next);
}

export function list_add_tail(entry: ptr<list_head>, head: ptr<list_head>): void {
  __list_add(entry, head.prev, head);
}

export function list_del(entry: ptr<list_head>): void {
  entry.next.prev = entry.prev;
  entry.prev.next = entry.next;
}

export function list_del_init(entry: ptr<list_head>): void {
  list_del(entry);
  INIT_LIST_HEAD(entry);
}

export function list_move_tail(entry: ptr<list_head>, head: ptr<list_head>): void {
  list_del(entry);
  list_add_tail(entry, head);
}

/** Moves everything on `list` to the tail of `head` and leaves `list` empty. */
export function list_splice_tail_init(list: ptr<list_head>, head: ptr<list_head>): void {
  if (list_empty(list)) return;
  const first: ptr<list_head> = list.next;
  const last: ptr<list_head> = list.prev;
  const at: ptr<list_head> = head.prev;
  first.prev = at;
  at.next = first;
  last.next = head;
  head.prev = last;
  INIT_LIST_HEAD(list);
}
