using System.Collections.Immutable;
using Gantry.Estate.Resources;

namespace Gantry.Hub.Estate;

/// <summary>Everything declared, as one immutable snapshot: by kind, then by name.</summary>
internal sealed class EstateContent
{
    private readonly ImmutableDictionary<string, ImmutableSortedDictionary<string, StoredResource>> _kinds;

    private EstateContent(ImmutableDictionary<string, ImmutableSortedDictionary<string, StoredResource>> kinds, long version) => (_kinds, Version) = (kinds, version);

    /// <summary>Of the estate.</summary>
    public long Version { get; }

    public IEnumerable<StoredResource> All => _kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).SelectMany(kind => kind.Value.Values);

    public static EstateContent Of(IEnumerable<StoredResource> resources, long version) => new(
        resources.GroupBy(resource => resource.Kind.Kind).ToImmutableDictionary(
            group => group.Key, group => group.ToImmutableSortedDictionary(resource => resource.Name, resource => resource, StringComparer.Ordinal)),
        version);

    public IEnumerable<StoredResource> OfKind(ResourceKind kind) => _kinds.TryGetValue(kind.Kind, out var some) ? some.Values : [];

    public int Count(ResourceKind kind) => _kinds.TryGetValue(kind.Kind, out var some) ? some.Count : 0;

    public StoredResource? Find(ResourceKind kind, string name) => _kinds.TryGetValue(kind.Kind, out var some) ? some.GetValueOrDefault(name) : null;

    public EstateContent With(StoredResource resource, long version) => Replaced(resource.Kind, some => some.SetItem(resource.Name, resource), version);

    public EstateContent Without(StoredResource resource, long version) => Replaced(resource.Kind, some => some.Remove(resource.Name), version);

    private EstateContent Replaced(ResourceKind kind, Func<ImmutableSortedDictionary<string, StoredResource>, ImmutableSortedDictionary<string, StoredResource>> change, long version)
    {
        var some = _kinds.GetValueOrDefault(kind.Kind) ?? ImmutableSortedDictionary.Create<string, StoredResource>(StringComparer.Ordinal);
        return new EstateContent(_kinds.SetItem(kind.Kind, change(some)), version);
    }
}

/// <summary>Holds a change against everything else that would be declared with it.</summary>
internal interface IResourceCheck
{
    /// <param name="estate">With the change, and all that comes with it.</param>
    void Check(EstateContent estate, StoredResource changed, ResourceProblems problems);

    /// <param name="estate">Without the resource.</param>
    void CheckWithout(EstateContent estate, StoredResource gone, ResourceProblems problems);
}
