using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Journeys.Completeness;
using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations.Traces;

namespace Gantry.Hub.Journeys;

internal static class JourneysRegistration
{
    public static IServiceCollection AddJourneys(this IServiceCollection services) => services
        .AddSingleton<DeclaredNames>()
        .AddSingleton<DeclaredJourneys>()
        .AddSingleton<AnsweringPeers>()
        .AddSingleton<IPeerFacts>(found => found.GetRequiredService<AnsweringPeers>())
        .AddSingleton<BreakFinder>()
        .AddSingleton<LinkBook>()
        .AddSingleton<WayBook>()
        .AddSingleton<CompleteBook>()
        .AddSingleton<ITraceWatch>(found => found.GetRequiredService<LinkBook>())
        .AddSingleton<ITraceWatch>(found => found.GetRequiredService<WayBook>())
        .AddSingleton<ITraceWatch>(found => found.GetRequiredService<CompleteBook>())
        .AddSingleton<IJourneySource, JourneyView>()
        .AddSingleton<JourneyQueries, SnapshotJourneys>()
        .AddSingleton<TraceLoop>()
        .AddHostedService(found => found.GetRequiredService<TraceLoop>());
}
