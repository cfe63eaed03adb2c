using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>
/// Several mappings as one: names of all of them, lists one after the other with equal items once, and where two say different things of one setting, the
/// first goes first. Fields are in the order of their names.
/// </summary>
internal static class SettingsMerge
{
    public static MappingNode Of(IReadOnlyList<(string Resource, MappingNode Settings)> sources, string path, OriginList origins)
    {
        var fields = new List<MappingField>();
        var names = sources.SelectMany(source => source.Settings.Fields.Select(field => field.Key.Text)).Distinct().Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var given = sources.SelectMany(source => source.Settings.Fields.Where(field => field.Key.Text == name).Select(field => (source.Resource, Field: field))).ToList();
            var (first, field) = given[0];
            var at = path.Length == 0 ? name : $"{path}.{name}";
            origins.Add(at, first, field.Key.Line);
            Node value = field.Value switch
            {
                MappingNode => Of([.. given.Where(item => item.Field.Value is MappingNode).Select(item => (item.Resource, (MappingNode)item.Field.Value))], at, origins),
                ListNode => Lists([.. given.Where(item => item.Field.Value is ListNode).Select(item => (item.Resource, (ListNode)item.Field.Value))], at, origins),
                var scalar => scalar,
            };
            fields.Add(new MappingField(field.Key, value));
        }

        return new MappingNode(fields, 0, 0);
    }

    private static ListNode Lists(IReadOnlyList<(string Resource, ListNode List)> sources, string path, OriginList origins)
    {
        var items = new List<Node>();
        foreach (var (resource, list) in sources)
        {
            foreach (var item in list.Items.Where(item => !items.Exists(other => Nodes.Same(item, other))))
            {
                origins.AddAll($"{path}[{items.Count}]", item, resource, list.Line);
                items.Add(item);
            }
        }

        return new ListNode(items, 0, 0);
    }
}
