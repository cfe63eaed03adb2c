using Gantry.Agent.Apply;
using Gantry.Agent.Boot;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>Restarts of units, one first.</summary>
internal sealed partial class InjectorInstrumenter
{
    /// <summary>
    /// Restarts units that wait for it: one first, verified and baked, then the others one after the other, each verified.
    /// <list type="number">
    /// <item>Restart; within its time there must be a new process, with the instrumentation in it and telemetry of it.</item>
    /// <item>The first must stay so for the bake.</item>
    /// <item>Not well, the first: all files are given back, it is restarted without them, and nothing else is touched. If it is not active then either, the line in
    /// ld.so.preload is taken out, last of all, and it is restarted once more.</item>
    /// <item>Not well, a later one: its own files are given back, it is restarted without them, and the rollout ends.</item>
    /// </list>
    /// A unit is restarted once for a plan: files that change again by what their own restart did would restart it for ever.
    /// </summary>
    private sealed class UnitRollout(InjectorInstrumenter owner, InstrumentationPlan plan, string key, IReadOnlyList<Target> targets)
    {
        private const string NoTelemetry = "no telemetry of it arrived";

        public async Task RunAsync(CancellationToken cancellation)
        {
            var isFirst = owner._baked != key;
            foreach (var unit in Waiting())
            {
                if (owner.IsOvertaken(key) || !owner.CanVerify())
                {
                    // Another wish, or nobody to tell how it went: what is left of this one is asked for anew.
                    return;
                }

                owner._restarted.Add(unit);
                var problem = await TryAsync(unit, isFirst, cancellation);
                if (problem is null)
                {
                    return;
                }

                if (problem.Length > 0)
                {
                    if (!isFirst)
                    {
                        owner._failed.Add(key, FailedPlans.Ended, problem);
                        owner._ended = problem;
                    }

                    await TakeBackAsync(unit, isFirst, problem, cancellation);
                    return;
                }

                Log.Well(owner.Logger, unit);
                isFirst = false;
                owner._baked = key;
            }
        }

        /// <summary>The targets may be of a scan before the last restart: what does not run any more, waits for nothing.</summary>
        private List<string> Waiting() =>
        [
            .. targets.Where(target => target.Process.Unit.Length > 0 && Runs(target.Process) && owner.StatusOf(target.Process)?.State == InstrumentationState.RestartPending)
                .Select(target => target.Process.Unit)
                .Where(unit => owner.Guard.Allows(GuardedAction.Restart, unit) && !owner._restarted.Contains(unit))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        private bool Runs(ProcessFact process) => owner.Processes().Any(running => InjectorWish.Id(running) == InjectorWish.Id(process));

        /// <returns>"": it is well. Null: another plan came first, so nothing is said of this one.</returns>
        private async Task<string?> TryAsync(string unit, bool isFirst, CancellationToken cancellation)
        {
            var before = owner.Processes().Where(process => process.Unit == unit).Select(InjectorWish.Id).ToHashSet();
            var problem = await owner.Units.RestartAsync(unit, cancellation);
            if (problem.Length > 0)
            {
                return problem;
            }

            Log.Restarted(owner.Logger, unit);
            var start = owner.Time.GetTimestamp();
            var wanted = targets.Where(target => target.Process.Unit == unit).ToList();
            var missing = "no process of it was found";
            while (missing.Length > 0)
            {
                if (owner.Time.GetElapsedTime(start) > owner.Options.VerifyWithin)
                {
                    return $"{unit} was restarted, and within {owner.Options.VerifyWithin.TotalSeconds} s {missing}";
                }

                await Task.Delay(owner.Options.LookEvery, owner.Time, cancellation);
                if (owner.IsOvertaken(key))
                {
                    return null;
                }

                missing = Missing(unit, wanted, before);
                if (missing == NoTelemetry && !owner.CanVerify())
                {
                    // The hub is away: its time begins when the hub is back.
                    start = owner.Time.GetTimestamp();
                }
            }

            start = owner.Time.GetTimestamp();
            while (isFirst && owner.Time.GetElapsedTime(start) < plan.BakeFor)
            {
                await Task.Delay(owner.Options.LookEvery, owner.Time, cancellation);
                if (owner.IsOvertaken(key))
                {
                    return null;
                }

                missing = Missing(unit, wanted, before);
                if (missing.Length > 0 && (missing != NoTelemetry || owner.CanVerify()))
                {
                    return $"{unit} was well at first, and then {missing}";
                }
            }

            return "";
        }

        private string Missing(string unit, List<Target> wanted, HashSet<(uint, ulong)> before)
        {
            foreach (var language in wanted.GroupBy(target => (target.Process.Language, target.Method)))
            {
                var found = owner.Processes().Where(process => process.Unit == unit && process.Language == language.Key.Language && !before.Contains(InjectorWish.Id(process))).ToList();
                if (found.Count == 0)
                {
                    return $"no new {language.Key.Language} process of it was found";
                }

                if (found.Find(process => owner.Loaded(language.First() with { Process = process }).Length == 0) is { } bare)
                {
                    return $"the instrumentation was not in pid {bare.Pid}";
                }

                if (!found.Exists(owner.Observed.Invoke))
                {
                    return NoTelemetry;
                }
            }

            return "";
        }

        private async Task TakeBackAsync(string unit, bool isFirst, string problem, CancellationToken cancellation)
        {
            Log.RolledBack(owner.Logger, unit, problem);
            owner._failed.Add(key, isFirst ? FailedPlans.All : unit, problem);

            // Where its files cannot be given back, a restart would be one with them.
            var isGivenBack = owner.Write(plan, key, targets, out _) && owner.Files.Current(InjectorPaths.DropIn(unit)) is null;
            if (isGivenBack)
            {
                await owner.ReloadAsync();
                await owner.Units.RestartAsync(unit, cancellation);
            }

            if (await owner.Units.IsActiveAsync(unit, cancellation) || !owner.Files.IsPreloaded(InjectorPaths.Library))
            {
                return;
            }

            owner.KillSwitch(isGivenBack ? $"{unit} did not come back without our files either" : $"{unit} did not come back, and its files cannot be given back");
            await owner.ReloadAsync();
            await owner.Units.RestartAsync(unit, cancellation);
        }
    }
}
