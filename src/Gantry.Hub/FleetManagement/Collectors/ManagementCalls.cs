using Gantry.Estate.Matching;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>The calls of operators and their tools: what they decide is on disk before it is acknowledged, and all of a bulk call or nothing.</summary>
internal sealed class ManagementCalls(CollectorStore store, CollectorWriter writer, TimeProvider time, ILogger<ManagementCalls> logger)
{
    private const int MostMatchers = 100;

    public Outcome<Collector> Get(IdMessage request, Caller caller)
    {
        lock (store.Gate)
        {
            return store.Find_NeedsLock(request.Id) is { } collector ? CollectorViews.ToMessage(StoredCollector.From(collector), collector.Id) : Missing(request.Id);
        }
    }

    /// <summary>The full list: Terraform takes what is not in it for deleted.</summary>
    public Outcome<Gantry.Protocol.FleetManagement.Collectors> List(ListCollectorsRequest request, Caller caller)
    {
        if (request.Matchers.Count > MostMatchers)
        {
            return Errors.Invalid($"matchers: expected at most {MostMatchers}, these are {request.Matchers.Count}");
        }

        var matchers = new List<AgentMatcher>();
        for (var i = 0; i < request.Matchers.Count; i++)
        {
            if (AgentMatcher.Parse(request.Matchers[i], out var error) is not { } matcher)
            {
                return Errors.Invalid($"matchers.{i}: {error}");
            }

            matchers.Add(matcher);
        }

        List<(string Id, StoredCollector Stored)> found;
        lock (store.Gate)
        {
            found = [.. store.All_NeedsLock.Where(collector => new AgentAttributes(collector.Facts).FirstMismatch(matchers) is null)
                .Select(collector => (collector.Id, StoredCollector.From(collector)))];
        }

        return new Gantry.Protocol.FleetManagement.Collectors
        {
            Items = [.. found.OrderBy(item => item.Id, StringComparer.Ordinal).Select(item => CollectorViews.ToMessage(item.Stored, item.Id))],
        };
    }

    public Outcome<ListCollectorAttributesResponse> ListAttributes(EmptyMessage request, Caller caller)
    {
        List<(IReadOnlyDictionary<string, string> Local, IReadOnlyDictionary<string, string> Remote)> all;
        lock (store.Gate)
        {
            all = [.. store.All_NeedsLock.Select(collector => (collector.Local, collector.Remote))];
        }

        var (local, remote) = (CollectorViews.ValuesOf(all.Select(item => item.Local)), CollectorViews.ValuesOf(all.Select(item => item.Remote)));
        return new ListCollectorAttributesResponse { LocalAttributes = local, Attributes = local, RemoteAttributes = remote, AttributeOverrides = remote };
    }

    public Outcome<Collector> Create(CollectorRequest request, Caller caller) => Put(request, caller, isNew: true);

    public Outcome<Collector> Update(CollectorRequest request, Caller caller) => Put(request, caller, isNew: false);

    public Outcome<EmptyMessage> BulkUpdate(BulkUpdateCollectorsRequest request, Caller caller)
    {
        if (request.Ids.Count == 0 || request.Ops.Count == 0)
        {
            return Errors.Invalid(request.Ids.Count == 0 ? "ids: is empty; name the collectors to change" : "ops: is empty; say what to change");
        }

        ConnectError? error = null;
        var changes = new List<(CollectorState State, StoredCollector After)>();
        writer.Decide(
            () =>
            {
                var rows = new CollectorRows();
                foreach (var id in request.Ids.Distinct())
                {
                    error = store.Find_NeedsLock(id) is { } known ? Change(known, request.Ops, changes) : Missing(id);
                    if (error is not null)
                    {
                        return null;
                    }
                }

                rows.Collectors.AddRange(changes.Select(change => (change.State.Id, change.After)));
                return rows;
            },
            () => changes.ForEach(change => InForce(change.State, change.After)));
        return error is null ? Done("BulkUpdateCollectors", caller, request.Ids) : error;
    }

    public Outcome<EmptyMessage> Delete(IdMessage request, Caller caller) => DeleteAll([request.Id], "DeleteCollector", caller);

    public Outcome<EmptyMessage> BulkDelete(IdsMessage request, Caller caller) =>
        request.Ids.Count == 0 ? Errors.Invalid("ids: is empty; name the collectors to delete") : DeleteAll(request.Ids, "BulkDeleteCollectors", caller);

    /// <summary>All remote attributes of one collector, as a page or a script of the fleet sets them.</summary>
    /// <returns>What is wrong with them, "" when they are set; null: there is no such collector.</returns>
    /// <exception cref="System.Data.Common.DbException">They cannot be written; nothing has changed.</exception>
    public string? SetRemote(string id, IReadOnlyDictionary<string, string> attributes)
    {
        var problem = AttributeRules.CheckRemote(attributes, "attributes");
        return DecideOne(id, before => problem.Length > 0 ? null : before with { Remote = attributes }, "SetRemoteAttributes") ? "" : problem.Length > 0 && Has(id) ? problem : null;
    }

    /// <summary>What the collector failed with is offered to it again.</summary>
    /// <returns>False: it failed with nothing, or there is no such collector.</returns>
    /// <exception cref="System.Data.Common.DbException">It cannot be written; nothing has changed.</exception>
    public bool Retry(string id) => DecideOne(id, before => before.Failed is null ? null : before, "Retry");

    /// <param name="change">Null: there is nothing to decide.</param>
    private bool DecideOne(string id, Func<StoredCollector, StoredCollector?> change, string method)
    {
        CollectorState? state = null;
        StoredCollector? after = null;
        writer.Decide(
            () =>
            {
                state = store.Find_NeedsLock(id);
                after = state is null || change(StoredCollector.From(state)) is not { } changed ? null : Decided(state) with { Remote = changed.Remote };
                var rows = new CollectorRows();
                rows.Collectors.AddRange(after is null ? [] : [(id, after)]);
                return after is null ? null : rows;
            },
            () => InForce(state!, after!));
        if (after is not null)
        {
            Log.FleetChanged(logger, method, Access.Actor.Current.Who, id);
        }

        return after is not null;
    }

    private bool Has(string id)
    {
        lock (store.Gate)
        {
            return store.Find_NeedsLock(id) is not null;
        }
    }

    private Outcome<Collector> Put(CollectorRequest request, Caller caller, bool isNew)
    {
        if (request.Collector is not { } wanted)
        {
            return Errors.Invalid("collector: is missing");
        }

        var remote = wanted.RemoteAttributes.Count > 0 ? wanted.RemoteAttributes : wanted.AttributeOverrides;
        var problem = AttributeRules.CheckId(wanted.Id, "collector.id") is { Length: > 0 } bad ? bad
            : wanted.Name.Length > AttributeRules.LongestName ? $"collector.name: expected at most {AttributeRules.LongestName} characters, these are {wanted.Name.Length}"
            : AttributeRules.CheckRemote(remote, "collector.remoteAttributes");
        if (problem.Length > 0)
        {
            return Errors.Invalid(problem);
        }

        ConnectError? error = null;
        CollectorState? state = null;
        StoredCollector? after = null;
        writer.Decide(
            () =>
            {
                state = store.Find_NeedsLock(wanted.Id);
                error = isNew && state is not null ? Errors.Exists($"collector \"{wanted.Id}\" is there already; update it, or import it into the tool that creates it")
                    : !isNew && state is null ? Missing(wanted.Id)
                    : isNew && store.IsFull_NeedsLock ? new ConnectError(ConnectCode.ResourceExhausted, $"the hub knows {CollectorStore.MostCollectors} collectors and takes no more")
                    : null;
                if (error is not null)
                {
                    return null;
                }

                var now = time.GetUtcNow();
                state ??= new CollectorState(wanted.Id) { Created = now, Updated = now };
                var kind = wanted.CollectorType switch { CollectorType.Otel => CollectorKind.Otel, CollectorType.Alloy => CollectorKind.Alloy, _ => state.Kind };
                after = Decided(state) with { Name = wanted.Name, Kind = kind, Enabled = wanted.Enabled ?? true, Remote = remote };
                var rows = new CollectorRows();
                rows.Collectors.Add((wanted.Id, after));
                return rows;
            },
            () =>
            {
                if (store.Find_NeedsLock(wanted.Id) is { } spoke)
                {
                    // It may have registered while this was written.
                    state = spoke;
                }
                else
                {
                    store.Add_NeedsLock(state!);
                }

                InForce(state!, after!);
            });
        if (error is not null)
        {
            return error;
        }

        Log.FleetChanged(logger, isNew ? "CreateCollector" : "UpdateCollector", caller.Name, wanted.Id);
        return CollectorViews.ToMessage(after!, wanted.Id);
    }

    private Outcome<EmptyMessage> DeleteAll(List<string> ids, string method, Caller caller)
    {
        ConnectError? error = null;
        writer.Decide(
            () =>
            {
                error = ids.Find(id => store.Find_NeedsLock(id) is null) is { } missing ? Missing(missing) : null;
                return error is null ? new CollectorRows { GoneCollectors = [.. ids] } : null;
            },
            () => ids.ForEach(store.Remove_NeedsLock));
        return error is null ? Done(method, caller, ids) : error;
    }

    private ConnectError? Change(CollectorState collector, List<Operation> operations, List<(CollectorState, StoredCollector)> changes)
    {
        var remote = new Dictionary<string, string>(collector.Remote);
        for (var i = 0; i < operations.Count; i++)
        {
            if (AttributeOperations.Apply(operations[i], remote, $"ops.{i}") is { Length: > 0 } wrong)
            {
                return Errors.Invalid($"{wrong} (collector \"{collector.Id}\")");
            }
        }

        if (AttributeRules.CheckRemote(remote, "remoteAttributes") is { Length: > 0 } problem)
        {
            return Errors.Invalid($"{problem} (collector \"{collector.Id}\")");
        }

        changes.Add((collector, Decided(collector) with { Remote = remote }));
        return null;
    }

    private StoredCollector Decided(CollectorState collector) =>
        StoredCollector.From(collector) with { IsDeclared = true, Decided = collector.Decided + 1, Updated = time.GetUtcNow(), Failed = null };

    private static void InForce(CollectorState collector, StoredCollector after)
    {
        (collector.Name, collector.Kind, collector.Enabled, collector.Remote) = (after.Name, after.Kind, after.Enabled, after.Remote);
        (collector.IsDeclared, collector.Decided, collector.Updated, collector.HasRow) = (true, after.Decided, after.Updated, true);
        // Whoever touches a collector wants it to try again.
        collector.Progress.Failed = null;
    }

    private Outcome<EmptyMessage> Done(string method, Caller caller, List<string> ids)
    {
        Log.FleetChanged(logger, method, caller.Name, ids.Count == 1 ? ids[0] : $"{ids.Count} collectors");
        return new EmptyMessage();
    }

    private static ConnectError Missing(string id) => Errors.NotFound($"no collector \"{id}\"");
}
