using Gantry.Estate.Quality;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Quality.Company;

/// <summary>The declared rules of the company's own; read again when one of them changes. Thread-safe.</summary>
internal sealed class DeclaredRules
{
    private readonly ResourceStore _resources;
    private volatile IReadOnlyList<QualityRule> _all;

    public DeclaredRules(ResourceStore resources)
    {
        _resources = resources;
        _all = Read();
        resources.Changed += kind =>
        {
            if (kind == QualityRuleReader.Kind)
            {
                _all = Read();
            }
        };
    }

    public IReadOnlyList<QualityRule> All => _all;

    private List<QualityRule> Read() => [.. _resources.OfKind(QualityRuleReader.Kind).Select(resource => resource.Document?.Model).OfType<QualityRule>()];
}
