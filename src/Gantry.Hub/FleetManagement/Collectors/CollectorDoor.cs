using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Collectors of the Fleet Management API as a part of the fleet: one list, one page for each, the same words.</summary>
internal sealed class CollectorDoor(CollectorStore store, CollectorDesires desires, CollectorList list, ManagementCalls management, TimeProvider time) : IFleetDoor
{
    private const int Slice = 4_096;

    public int Count
    {
        get
        {
            lock (store.Gate)
            {
                return store.All_NeedsLock.Count;
            }
        }
    }

    public void Scan(FleetScan scan)
    {
        desires.Refresh();
        List<CollectorState> collectors;
        lock (store.Gate)
        {
            collectors = [.. store.All_NeedsLock];
        }

        for (var start = 0; start < collectors.Count; start += Slice)
        {
            lock (store.Gate)
            {
                for (var i = start; i < Math.Min(collectors.Count, start + Slice); i++)
                {
                    scan.Take(this, collectors[i], StandingOf_NeedsLock(collectors[i], scan.Now));
                }
            }
        }
    }

    public AgentRow Row(IFleetMember member, DateTimeOffset now)
    {
        lock (store.Gate)
        {
            return Row_NeedsLock((CollectorState)member, now);
        }
    }

    public AgentDetail? One(string id)
    {
        desires.Refresh(id);
        var now = time.GetUtcNow();
        lock (store.Gate)
        {
            if (store.Find_NeedsLock(id) is not { } collector)
            {
                return null;
            }

            var (row, progress) = (Row_NeedsLock(collector, now), collector.Progress);
            var effective = store.Effective.Find(progress.EffectiveHash);
            return new AgentDetail(
                row,
                CollectorSteps.Of_NeedsLock(collector, row.State),
                Attempts: 0,
                "",
                progress.Failed is { Hash.Length: > 0 } failed ? [new RejectedRow(failed.Hash, failed.Text, failed.At)] : [],
                [.. (collector.Desired?.Files ?? []).Select(file => new ConfigFileRow(file.Name, file.ContentType, "", Secrets.Redaction.Of(Encoding.UTF8.GetString(file.Body.Span), SyntaxOf(collector))))],
                effective is null ? [] : [new ConfigFileRow("", "text/plain", "", effective)],
                progress.EffectiveAt,
                progress.EffectiveHash.Length == 0 || collector.Desired is null ? null : CollectorStanding.Shows(collector) ? [] : ["(file)"],
                [],
                collector.Remote,
                AvailableComponents: null,
                [],
                [])
            {
                Collector = list.Row_NeedsLock(collector, effective: null),
            };
        }
    }

    public string? SetAttributes(string id, IReadOnlyDictionary<string, string> attributes) => management.SetRemote(id, attributes);

    public bool Retry(string id) => management.Retry(id);

    private static string SyntaxOf(CollectorState collector) => collector.Kind == CollectorKind.Alloy ? "text/x-alloy" : "text/yaml";

    private Standing StandingOf_NeedsLock(CollectorState collector, DateTimeOffset now) => CollectorStanding.Of_NeedsLock(collector, list.StateOf_NeedsLock(collector, now), now);

    private AgentRow Row_NeedsLock(CollectorState collector, DateTimeOffset now)
    {
        var standing = StandingOf_NeedsLock(collector, now);
        var (progress, desired) = (collector.Progress, collector.Remembered?.Assignment);
        return new AgentRow(
            collector.Id, CollectorWords.Kind(collector.Kind), collector.Version, HostId: "", collector.HostName, standing.IsConnected, CollectorWords.Transport, collector.LastSeen,
            "unknown", standing.State == AgentStates.Failed ? progress.Failed?.Text ?? "" : "", [], collector.Local)
        {
            State = standing.State,
            StateSince = standing.Since,
            ConfigKind = AgentKinds.Word(collector.Facts.Kind),
            Cohort = collector.Enabled ? desired?.Cohort ?? "" : "",
            Revision = collector.Enabled ? desired?.Revision ?? 0 : 0,
            DesiredHash = collector.Desired?.Hash ?? "",
            ReportedHash = progress.Received?.Hash ?? "",
            Fallback = standing.Fallback,
        };
    }
}
