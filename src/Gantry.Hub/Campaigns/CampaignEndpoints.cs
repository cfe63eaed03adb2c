using Gantry.Hub.Estate;

namespace Gantry.Hub.Campaigns;

/// <summary>The room, and its REST.</summary>
internal static class CampaignEndpoints
{
    /// <summary>After <see cref="Storage.WriteBehind"/>, which loads the evidence that campaigns are judged by.</summary>
    public static IServiceCollection AddCampaigns(this IServiceCollection services) => services.AddSingleton<CampaignView>()
        .AddSingleton<CampaignRecorder>().AddHostedService(static provider => provider.GetRequiredService<CampaignRecorder>());

    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/campaigns");
        api.MapGet("", (CampaignView campaigns) => campaigns.Current).WithSummary("Campaigns, with how far each is by evidence; late ones first");
        api.MapGet("/{name}", (string name, CampaignView campaigns) => campaigns.Find(name) is { } row ? Results.Ok(row) : None(name)).Produces<CampaignRow>().ProducesProblem(404)
            .WithSummary("One campaign: its checks with their evidence, and who is not there yet");
        api.MapGet("/{name}/points", (string name, CampaignView campaigns) => campaigns.Find(name) is not null ? Results.Ok(campaigns.Points(name)) : None(name)).Produces<IReadOnlyList<CampaignPoint>>().ProducesProblem(404)
            .WithSummary("How many services had reached the target, by the hour");
    }

    private static IResult None(string name) => ResourceEndpoints.Problem(StatusCodes.Status404NotFound, $"no campaign \"{name}\" is declared");
}
