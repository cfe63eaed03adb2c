using Gantry.Estate.Campaigns;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;
using Gantry.Hub.Journeys;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Campaigns;

/// <summary>Campaigns as every door shows them.</summary>
internal sealed class CampaignView(ResourceStore resources, EstateQueries estate, HubDatabase database, TimeProvider time, JourneyQueries? journeys = null)
{
    private readonly Lock _gate = new();
    private Dictionary<string, CampaignPast> _pasts = [];

    /// <summary>Late ones first, then by their last day.</summary>
    public IReadOnlyList<CampaignRow> Current => All(estate.Current, time.GetUtcNow());

    public CampaignRow? Find(string name) => Current.FirstOrDefault(row => row.Name == name);

    public IReadOnlyList<CampaignPoint> Points(string name) => CampaignTable.Points(database, name);

    public CampaignPast PastOf(string name)
    {
        lock (_gate)
        {
            return _pasts.GetValueOrDefault(name, CampaignPast.None);
        }
    }

    public void Remember(Dictionary<string, CampaignPast> pasts)
    {
        lock (_gate)
        {
            _pasts = pasts;
        }
    }

    public IReadOnlyList<CampaignRow> All(EstateSnapshot snapshot, DateTimeOffset now)
    {
        var judge = new CampaignJudge(snapshot, journeys);
        return [.. resources.OfKind(CampaignReader.Kind).Select(resource => resource.Document?.Model).OfType<Campaign>()
            .Select(campaign => judge.Judge(campaign, PastOf(campaign.Name), now))
            .OrderBy(row => Order(row.State)).ThenBy(row => row.By ?? DateOnly.MaxValue).ThenBy(row => row.Name, StringComparer.Ordinal)];
    }

    private static int Order(string state) => state switch { "late" => 0, "in progress" => 1, "scheduled" => 2, "draft" => 3, "done" => 4, _ => 5 };
}
