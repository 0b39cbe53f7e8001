-- The queue's SQL. Times are the database's, so that workers on several machines agree.
-- "quick" lets a commit return before it is on disk: losing it in a crash of the database
-- costs a repetition, never a job, because the sessions of all workers die with it.

-- name: enqueue
-- New jobs of one kind, and a call for workers at the commit where that costs nothing.
with made as (
  insert into jobs_job (name, arguments, lane, run_at)
  select %(name)s, item::jsonb, %(lane)s, coalesce(%(run_at)s::timestamptz, now())
  from unnest(%(arguments)s::text[]) as item
  returning id
)
select id, case when %(wake)s::boolean then pg_notify('majlis_jobs', '')::text end from made;

-- name: enqueue_or_keep
-- A new job, or the one waiting under its key held back until this transaction ends: it must see what is
-- written here. No row: it started between the two.
with made as (
  insert into jobs_job (name, arguments, key, lane, run_at)
  values (%(name)s, %(argument)s::jsonb, %(key)s, %(lane)s, coalesce(%(run_at)s::timestamptz, now()))
  on conflict (name, key) where worker_id is null and key is not null do nothing
  returning id
),
waiting as (
  select id from jobs_job where name = %(name)s and key = %(key)s and worker_id is null for share
),
found as (
  select id from made
  union all
  select null from waiting
)
select id, case when %(wake)s::boolean then pg_notify('majlis_jobs', '')::text end from found;

-- name: enqueue_or_replace
-- A new job, or new arguments and a new time for the one waiting under the same key.
with made as (
  insert into jobs_job (name, arguments, key, lane, run_at)
  values (%(name)s, %(argument)s::jsonb, %(key)s, %(lane)s, coalesce(%(run_at)s::timestamptz, now()))
  on conflict (name, key) where worker_id is null and key is not null
  do update set arguments = excluded.arguments, run_at = excluded.run_at
  returning id
)
select id, case when %(wake)s::boolean then pg_notify('majlis_jobs', '')::text end from made;

-- name: wake
-- Tell idle workers that something is due.
select pg_notify('majlis_jobs', '');

-- name: register_worker
-- A new worker, with its lease (seconds).
insert into jobs_worker (host, pid, leased_until)
values (%(host)s, %(pid)s, clock_timestamp() + make_interval(secs => %(lease)s))
returning id;

-- name: lock_worker
-- The session lock that dies with the worker.
select pg_try_advisory_lock(%(space)s, %(worker)s);

-- name: unlock_worker
-- Give the session lock back (the connection may live on).
select pg_advisory_unlock(%(space)s, %(worker)s);

-- name: heartbeat
-- Extend the lease, unless it has run out: then the jobs may be another's already.
with quick as (select set_config('synchronous_commit', 'off', true))
update jobs_worker set leased_until = clock_timestamp() + make_interval(secs => %(lease)s)
from quick
where id = %(worker)s and leased_until > clock_timestamp()
returning id;

-- name: lost_workers
-- Workers whose session is dead or whose lease has run out; each is given to one caller only.
select id from jobs_worker
where case
  when id = %(worker)s then false
  when leased_until < clock_timestamp() then true
  else pg_try_advisory_xact_lock(%(space)s, id)
end
for update skip locked;

-- name: forget_worker
-- It is gone. Not while it holds a job whose row was locked just now: the next look gets that one.
delete from jobs_worker
where id = %(worker)s and not exists (select from jobs_job where worker_id = %(worker)s);

-- name: lease
-- Up to so many due jobs for a living worker, urgent lanes first. The lock on the worker's row keeps
-- it from being declared lost in this moment, which would leave the jobs without an owner.
with quick as (select set_config('synchronous_commit', 'off', true)),
alive as materialized (
  select jobs_worker.id from jobs_worker, quick
  where jobs_worker.id = %(worker)s and leased_until > clock_timestamp()
  for key share of jobs_worker
),
due as materialized (
  select candidate.id
  from alive, unnest(%(lanes)s::smallint[]) as wanted(lane)
  cross join lateral (
    select job.id from jobs_job as job
    where job.worker_id is null and job.lane = wanted.lane and job.run_at <= clock_timestamp()
    order by job.run_at, job.id
    limit %(limit)s
    for update skip locked
  ) as candidate
  limit %(limit)s
)
update jobs_job set worker_id = %(worker)s
from due
where jobs_job.id = due.id
returning jobs_job.id, jobs_job.name, jobs_job.arguments::text, jobs_job.enqueued_at,
  jobs_job.lane, jobs_job.run_at;

-- name: start
-- A run begins: counted now, so that a job which kills its worker is counted too. No row: it is not ours.
with quick as (select set_config('synchronous_commit', 'off', true))
update jobs_job set attempts = attempts + 1, started_at = clock_timestamp()
from quick
where id = %(id)s and worker_id = %(worker)s and started_at is null
returning attempts, started_at;

-- name: finish_and_start
-- The same, and the run before it on this thread is done: half the statements when many short jobs wait.
with quick as (select set_config('synchronous_commit', 'off', true)),
done as (delete from jobs_job using quick where id = %(done)s and worker_id = %(worker)s)
update jobs_job set attempts = attempts + 1, started_at = clock_timestamp()
from quick
where id = %(id)s and worker_id = %(worker)s and started_at is null
returning attempts, started_at;

-- name: finish
-- Done, in the transaction of the job's own writes. No row: another worker has it; undo all.
delete from jobs_job where id = %(id)s and worker_id = %(worker)s;

-- name: finish_quickly
-- Done, for jobs that bear being repeated.
with quick as (select set_config('synchronous_commit', 'off', true))
delete from jobs_job using quick where id = %(id)s and worker_id = %(worker)s;

-- name: retry
-- Failed: wait (seconds), then again.
update jobs_job
set worker_id = null, started_at = null, error = %(error)s,
  run_at = clock_timestamp() + make_interval(secs => %(delay)s)
where id = %(id)s and worker_id = %(worker)s;

-- name: give_back
-- Not run, or stopped through no fault of its own: due again at once, the attempt not counted.
update jobs_job
set worker_id = null, started_at = null, attempts = attempts - (started_at is not null)::integer
where id = %(id)s and worker_id = %(worker)s;

-- name: give_back_unstarted
-- The same for many that were never started.
update jobs_job set worker_id = null
where id = any(%(ids)s) and worker_id = %(worker)s and started_at is null;

-- name: supersede
-- The same key waits anew: that job does the work, and inherits the failures.
with gone as (
  delete from jobs_job where id = %(id)s and worker_id = %(worker)s
  returning name, key, attempts - (started_at is not null)::integer * %(uncounted)s as attempts
)
update jobs_job as waiting set attempts = greatest(waiting.attempts, gone.attempts)
from gone
where waiting.name = gone.name and waiting.key = gone.key and waiting.worker_id is null;

-- name: bury
-- Not tried again: becomes a dead letter.
with gone as (
  delete from jobs_job where id = %(id)s and worker_id = %(worker)s
  returning id, name, arguments, key, lane, enqueued_at, attempts
)
insert into jobs_deadletter
  (id, name, arguments, key, lane, enqueued_at, attempts, reason, error, traceback)
select id, name, arguments, key, lane, enqueued_at, attempts, %(reason)s, %(error)s, %(traceback)s
from gone;

-- name: held_ids
-- What a worker holds.
select id from jobs_job where worker_id = %(worker)s;

-- name: held
-- What a worker holds, with the attempts begun; less what is being finished in this moment.
select id, name, enqueued_at, attempts, started_at is not null as started
from jobs_job where worker_id = %(worker)s
order by id
for update skip locked;

-- name: known_tick
-- Remember a recurring job at its present slot; it fires at the next.
insert into jobs_tick (name, slot) values (%(name)s, %(slot)s) on conflict (name) do nothing;

-- name: fire_tick
-- Claim a slot; of several workers one gets a row.
update jobs_tick set slot = %(slot)s where name = %(name)s and slot < %(slot)s returning name;

-- name: depth
-- How much is due, scheduled for later, and held; and how long the oldest due job has waited (seconds).
select
  count(*) filter (where worker_id is null and run_at <= now()) as due,
  count(*) filter (where worker_id is null and run_at > now()) as scheduled,
  count(*) filter (where worker_id is not null) as held,
  coalesce(extract(epoch from now() - min(run_at) filter (where worker_id is null and run_at <= now())), 0)
    as oldest_seconds,
  (select count(*) from jobs_deadletter) as dead
from jobs_job;

-- name: dead_letters
-- The newest dead letters, of one job or of all, older than a cursor. The traceback is private.
select id, name, arguments, key, enqueued_at, died_at, attempts, reason, error, traceback
from jobs_deadletter
where (%(name)s::text is null or name = %(name)s)
  and (%(before)s::timestamptz is null or (died_at, id) < (%(before)s, %(before_id)s))
order by died_at desc, id desc
limit %(limit)s;

-- name: retry_dead_letters
-- Back into the queue with its attempts forgotten; one whose key waits anew is dropped, its work is done there.
with raised as (delete from jobs_deadletter where id = any(%(ids)s) returning *)
insert into jobs_job (id, name, arguments, key, lane, enqueued_at)
select id, name, arguments, key, lane, enqueued_at from raised order by id
on conflict (name, key) where worker_id is null and key is not null do nothing
returning id;

-- name: discard_dead_letters
-- The operator has decided: never.
delete from jobs_deadletter where id = any(%(ids)s) returning id;

-- name: living_workers
-- Who is at work, for the operator.
select worker.id, worker.host, worker.pid, worker.started_at, worker.leased_until > clock_timestamp() as alive,
  count(job.id) filter (where job.started_at is not null) as running
from jobs_worker as worker left join jobs_job as job on job.worker_id = worker.id
group by worker.id
order by worker.id;
