using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Ui.Forms;
using Gantry.Hub.Ui.Live;
using Gantry.Hub.Ui.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gantry.Hub.Ui;

/// <summary>The web UI. Needs <see cref="Coverage.EstateQueries"/> and <see cref="Fleet.Views.FleetQueries"/> in the container; its forms need the hub's own rooms.</summary>
public static class UiRegistration
{
    public static IServiceCollection AddGantryUi(this IServiceCollection services, Action<UiOptions>? configure = null)
    {
        services.AddOptions<UiOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(static options => options.LiveInterval >= TimeSpan.FromMilliseconds(100), "Ui:LiveInterval must be at least 100 ms.")
            .Validate(static options => options.MaxViewers >= 0, "Ui:MaxViewers must be 0 (no live pages) or more.")
            .Validate(static options => options.TicksPerSignOfLife >= 1, "Ui:TicksPerSignOfLife must be 1 or more.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<UiContext>();
        services.TryAddSingleton<Quality.ScoreQueries, Quality.NoScores>();
        services.TryAddSingleton<PageResolver>();
        services.TryAddSingleton<PageRenderer>();
        services.TryAddSingleton<UiEndpoints>();
        services.TryAddSingleton<AgentForms>();
        services.TryAddSingleton<PipelineForms>();
        services.TryAddSingleton<PipelineRows>();
        services.TryAddSingleton<PipelineDesk>();
        services.TryAddSingleton<LiveViewers>();
        services.TryAddSingleton<LiveEndpoint>();
        services.AddHostedService<LiveLoop>();
        return services;
    }

    /// <summary>Maps pages, assets and the live stream. The result takes conventions for all of them, such as authorization.</summary>
    public static IEndpointConventionBuilder MapGantryUi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var pages = services.GetRequiredService<UiEndpoints>();
        var live = services.GetRequiredService<LiveEndpoint>();
        var ui = endpoints.MapGroup("").ExcludeFromDescription();

        string[] patterns = [Links.Home, Links.Services, Links.ServicePattern, Links.Hosts, Links.HostPattern, Links.Findings, Links.Journeys, Links.JourneyPattern, Links.Steps, Links.Agents, Links.AgentPattern, Links.Pipelines, Links.PipelinePattern, Links.InstrumentationPattern, Links.Processes, Links.ProcessPattern, Links.Sampling, Links.Campaigns, Links.CampaignPattern, Links.Audit];
        foreach (var pattern in patterns)
        {
            ui.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], Secured(pages.PageAsync)).WithDisplayName("UI " + pattern);
        }

        ui.MapMethods(Links.AssetPattern, [HttpMethods.Get, HttpMethods.Head], Secured(UiAssets.ServeAsync)).WithDisplayName("UI asset");
        // A stream lasts as long as somebody looks: as a request duration it would say nothing.
        ui.MapGet(Links.Live, Secured(live.StreamAsync)).WithDisplayName("UI live").DisableHttpMetrics();
        var agents = services.GetRequiredService<AgentForms>();
        ui.MapPost(Links.AgentAttributesPattern, Secured(SameSite.Only(agents.AttributesAsync))).WithDisplayName("UI agent attributes");
        ui.MapPost(Links.AgentRetryPattern, Secured(SameSite.Only(agents.RetryAsync))).WithDisplayName("UI agent retry");
        var pipelines = services.GetRequiredService<PipelineForms>();
        ui.MapPost(Links.PipelinePattern, Secured(SameSite.Only(context => pipelines.SaveAsync(context, PipelineReader.Kind)))).WithDisplayName("UI pipeline");
        ui.MapPost(Links.PipelineCheckPattern, Secured(SameSite.Only(context => pipelines.CheckAsync(context, PipelineReader.Kind)))).WithDisplayName("UI pipeline check");
        ui.MapPost(Links.InstrumentationPattern, Secured(SameSite.Only(context => pipelines.SaveAsync(context, InstrumentationReader.Kind)))).WithDisplayName("UI instrumentation");
        ui.MapPost(Links.InstrumentationCheckPattern, Secured(SameSite.Only(context => pipelines.CheckAsync(context, InstrumentationReader.Kind)))).WithDisplayName("UI instrumentation check");
        ui.MapPost(Links.Theme, Secured(Theme.ChooseAsync)).WithDisplayName("UI theme");
        ui.MapFallback("{**path}", Secured(pages.UnknownAsync)).WithDisplayName("UI not found");
        return ui;
    }

    private static RequestDelegate Secured(RequestDelegate next) => context =>
    {
        SecurityHeaders.Apply(context.Response.Headers);
        return next(context);
    };
}
