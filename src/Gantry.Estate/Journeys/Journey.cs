namespace Gantry.Estate.Journeys;

/// <summary>A critical user journey: what a person wants done, from the request that begins it to the last service that works on it.</summary>
/// <param name="Title">For people: "Buy a subscription"; the name where none was given.</param>
/// <param name="Owner">A person or team; "" where nobody was named.</param>
/// <param name="Hops">Services that have to be on its way; empty: they are learnt from traces.</param>
/// <param name="Objectives">What its owner promises; empty where nothing is.</param>
public sealed record Journey(
    string Name,
    string Title,
    string Owner,
    JourneyEntry Entry,
    IReadOnlyList<ExpectedHop> Hops,
    IReadOnlyList<Objective> Objectives)
{
    public string Description { get; init; } = "";
}

/// <summary>The inbound request that a journey begins with.</summary>
/// <param name="Service">service.name.</param>
/// <param name="Namespace">service.namespace; "" for any.</param>
/// <param name="Environment">deployment.environment.name; "" for any.</param>
/// <param name="Operation">As RED shows it: "POST /purchase"; "" for every inbound operation of the service.</param>
public sealed record JourneyEntry(string Service, string Namespace, string Environment, string Operation)
{
    public bool IsOf(string service, string @namespace, string environment) =>
        Service == service && (Namespace.Length == 0 || Namespace == @namespace) && (Environment.Length == 0 || Environment == environment);

    public bool Begins(string operation) => Operation.Length == 0 || Operation == operation;
}

/// <summary>A service that the journey has to reach.</summary>
/// <param name="From">service.name of who calls it; "" where that is left open.</param>
/// <param name="Queue">messaging.destination.name that lies between the two; "" for a call.</param>
/// <param name="Optional">Not every request gets there: a trace without it is complete all the same.</param>
public sealed record ExpectedHop(string Service, string From, string Queue, bool Optional);

public enum ObjectiveIndicator
{
    /// <summary>A request is good when it does not fail.</summary>
    Errors,

    /// <summary>A request is good when it takes no longer than <see cref="Objective.Threshold"/>.</summary>
    Duration,
}

/// <summary>A promise about a share of requests.</summary>
/// <param name="Service">The hop that it is about; "" for the entry.</param>
/// <param name="Target">Share of good requests, above 0 and below 1: 0.995.</param>
/// <param name="Window">Rolling; 1 hour to 90 days.</param>
/// <param name="Threshold">Of <see cref="ObjectiveIndicator.Duration"/>: one of the bounds of DurationBuckets, so that good requests are counted and not guessed; else zero.</param>
public sealed record Objective(string Name, string Service, ObjectiveIndicator Indicator, double Target, TimeSpan Window, TimeSpan Threshold);
