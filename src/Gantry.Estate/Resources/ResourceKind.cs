namespace Gantry.Estate.Resources;

/// <summary>A kind of resource: its names, and how its spec is read.</summary>
/// <param name="Kind">As documents spell it: "SamplingPolicy".</param>
/// <param name="Plural">In URLs and commands: "samplingpolicies".</param>
/// <param name="Read">Name and spec to the kind's own model; null, with problems reported, where that is not possible.</param>
/// <param name="Summarise">The model in a few words for a list.</param>
/// <param name="CheckTogether">What is wrong with all models of the kind taken together; "" when nothing is. Null: nothing ever is.</param>
public sealed record ResourceKind(
    string Kind,
    string Plural,
    Func<string, FieldReader, ResourceProblems, object?> Read,
    Func<object, string> Summarise,
    Func<IEnumerable<object>, string>? CheckTogether = null)
{
    /// <summary>How many a hub takes.</summary>
    public int Most { get; init; } = 1000;

    /// <summary>The page in docs/ that has an example, without its ending.</summary>
    public string Doc { get; init; } = "pipelines";
    /// <summary>What `gantry get` calls the declared ones; another word than the plural where that one shows what was discovered.</summary>
    public string Verb { get; init; } = Plural;

    /// <summary>"samplingpolicy", as people type it.</summary>
    public string Singular { get; } = Kind.ToLowerInvariant();

    public bool IsCalled(string word) =>
        word.Equals(Plural, StringComparison.OrdinalIgnoreCase) || word.Equals(Singular, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Every kind that this version of Gantry knows. A new one is a line here.</summary>
public static class ResourceKinds
{
    public static IReadOnlyList<ResourceKind> All { get; } = 
    [
        Sampling.SamplingPolicyReader.Kind,
        Pipelines.PipelineReader.Kind,
        Pipelines.DestinationReader.Kind,
        Pipelines.AgentGroupReader.Kind,
        Packages.PackageReader.Kind,
        Instrumentation.InstrumentationReader.Kind,
        Journeys.JourneyReader.Kind,
        Campaigns.CampaignReader.Kind,
        Catalogue.ServiceReader.Kind,
        Quality.QualityRuleReader.Kind,
    ];

    /// <param name="word">Kind, singular or plural, in any case.</param>
    public static ResourceKind? Find(string word) => All.FirstOrDefault(kind => kind.IsCalled(word));
}
