using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;
using Gantry.Hub.Ui.Controls;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>Why no request of a journey's entry was ever counted: a name that nobody bears, a service that sends nothing, an operation that is called otherwise, or simply nobody who asked.</summary>
internal static class UnseenJourney
{
    private const int Most = 6;

    /// <param name="operations">Of the entry's service; none where it is not known.</param>
    public static IReadOnlyList<Cause> Causes(JourneyRow row, EstateSnapshot snapshot, IReadOnlyList<OperationRow> operations)
    {
        var service = snapshot.Services.FirstOrDefault(item => item.Id == row.Entry.ServiceId);
        List<string> inbound = [.. operations.Where(item => item.Kind is "SERVER" or "CONSUMER").Select(item => item.Name)];
        var (isSilent, isElsewhere) = (service is { Dark: true } or { Stale: true } or { IsUnseen: true }, inbound.Count > 0 && row.Operation.Length > 0 && !inbound.Contains(row.Operation));
        return
        [
            new($"No service is called {row.Entry.Name}",
                service is not null ? $"{service.Name} is known." : $"{Others(snapshot)} Either the entry of the journey names another one, or it is not running.",
                service is not null ? Commands.Service(service.Id) : Commands.JourneyDocument(row.Name),
                service is null ? Finding.Likely : Finding.RuledOut),
            new($"{row.Entry.Name} sends nothing",
                service is null ? "That can be told once the service is known." : isSilent ? "It runs dark, or fell silent. Bring it out of the dark first." : service.LastSeen is { } last ? $"It sends: last {Figures.Age(snapshot.At - last)}." : "It sends.",
                service?.Next is { Command.Length: > 0 } next && isSilent ? next.Command : Commands.NextOf(row.Name),
                service is null ? Finding.Unknown : isSilent ? Finding.Likely : Finding.RuledOut),
            new(row.Operation.Length > 0 ? $"Its operation is not called {row.Operation}" : "It has no inbound request",
                inbound.Count > 0 ? $"Its inbound operations of the last hour: {string.Join(", ", inbound.Take(Most))}{(inbound.Count > Most ? $" and {inbound.Count - Most} more" : "")}." : "No inbound operation of it is known within the hour.",
                Commands.JourneyDocument(row.Name),
                isElsewhere ? Finding.Likely : Finding.Unknown),
            new("Nobody has asked for it yet",
                "A journey is seen with the first request of its entry; requests are counted for an hour.",
                Commands.Journey(row.Name),
                Finding.Unknown),
        ];
    }

    private static string Others(EstateSnapshot snapshot)
    {
        List<string> names = [.. snapshot.Services.Where(item => item.Red is { Rate: > 0 } && item.Name != Coverage.Steps.ServiceSteps.Self).OrderByDescending(item => item.Red!.Rate).Select(item => item.Name)];
        return names.Count > 0 ? $"Services with inbound requests: {string.Join(", ", names.Take(Most))}{(names.Count > Most ? $" and {names.Count - Most} more" : "")}." : "No service with inbound requests is known.";
    }
}
