using Gantry.Estate.Secrets;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.Secrets;

/// <summary>Where in a document the parser is, and which of its scalars are secrets.</summary>
internal sealed class YamlWalk
{
    private const int Deepest = 64;

    private readonly List<YamlValue> _values = [];
    private readonly Stack<Level> _levels = [];

    // What stands under an anchor is a secret when an alias of it stands where one belongs.
    private readonly Dictionary<string, List<YamlValue>> _anchored = [];
    private readonly HashSet<string> _secretAnchors = [];
    private bool _isMapping;

    /// <returns>False: it is nested too deeply, or no mapping at all.</returns>
    public bool Take(ParsingEvent current)
    {
        switch (current)
        {
            case MappingStart start:
                _isMapping |= _levels.Count == 0;
                return Enter(isMapping: true, start.Anchor.IsEmpty ? "" : start.Anchor.Value);
            case SequenceStart start:
                return Enter(isMapping: false, start.Anchor.IsEmpty ? "" : start.Anchor.Value);
            case MappingEnd or SequenceEnd:
                _levels.Pop();
                Done();
                return true;
            case AnchorAlias alias:
                if (IsValue && Place() is not Kind.Plain)
                {
                    _secretAnchors.Add(alias.Value.Value);
                }

                Done();
                return true;
            case Scalar scalar:
                Take(scalar);
                return true;
            case DocumentEnd:
                return _isMapping;
            default:
                return true;
        }
    }

    /// <returns>Every scalar in the order of the text.</returns>
    public IReadOnlyList<YamlValue> Finish()
    {
        foreach (var value in _secretAnchors.SelectMany(anchor => _anchored.GetValueOrDefault(anchor, [])))
        {
            value.Redacted = SecretValues.OfSecret(value.Text);
        }

        return _values;
    }

    private enum Kind
    {
        Plain,
        Secret,
        Header,
    }

    private bool IsValue => _levels.TryPeek(out var level) && (!level.IsMapping || level.Key is not null);

    private bool Enter(bool isMapping, string anchor)
    {
        if (_levels.Count == Deepest)
        {
            return false;
        }

        var (kind, outer) = (Place(), _levels.TryPeek(out var level) ? level : null);
        // In a mapping that stands for a secret ("authorization:") every value is one but those that only tell about it.
        var inHeaders = outer is not null && (outer.InHeaders || (outer.Key is { } key && SecretNames.IsHeaders(key)));
        _levels.Push(new Level(isMapping, kind == Kind.Secret, inHeaders, anchor));
        return true;
    }

    private void Take(Scalar scalar)
    {
        var anchor = scalar.Anchor.IsEmpty ? "" : scalar.Anchor.Value;
        var value = new YamlValue(scalar.Start.Index, scalar.End.Index, scalar.Value, anchor.Length > 0 ? $"&{anchor} " : "");
        _values.Add(value);
        if (!IsValue)
        {
            value.Redacted = SecretValues.Of(scalar.Value);
            if (_levels.TryPeek(out var mapping))
            {
                mapping.Key = scalar.Value;
            }

            return;
        }

        value.Redacted = Place() switch
        {
            Kind.Plain => SecretValues.Of(scalar.Value),
            Kind.Header when !_levels.Peek().IsMapping => HeaderLine(scalar.Value),
            _ => SecretValues.OfSecret(scalar.Value),
        };
        Remember(value, anchor);
        Pair(value);
        Done();
    }

    private void Remember(YamlValue value, string anchor)
    {
        foreach (var name in _levels.Select(level => level.Anchor).Append(anchor).Where(name => name.Length > 0).Distinct())
        {
            if (!_anchored.TryGetValue(name, out var values))
            {
                _anchored.Add(name, values = []);
            }

            values.Add(value);
        }
    }

    /// <summary>What the value that comes now is, by its key and what it stands in.</summary>
    private Kind Place()
    {
        if (!_levels.TryPeek(out var level))
        {
            return Kind.Plain;
        }

        if (!level.IsMapping)
        {
            return level.InSecret ? Kind.Secret : level.InHeaders ? Kind.Header : Kind.Plain;
        }

        var key = level.Key ?? "";
        return level.InSecret && !SecretNames.IsAbout(key) ? Kind.Secret
            : level.InHeaders ? SecretNames.IsHarmlessHeader(key) || IsPairName(key) || SecretNames.IsAbout(key) ? Kind.Plain : Kind.Header
            : SecretNames.IsSecret(key) || (key == "inline" && _levels.Skip(1).FirstOrDefault()?.Key == "htpasswd") ? Kind.Secret
            : Kind.Plain;
    }

    /// <summary><c>{ name: DB_PASSWORD, value: … }</c>, in either order.</summary>
    private void Pair(YamlValue value)
    {
        var level = _levels.Peek();
        if (!level.IsMapping)
        {
            return;
        }

        if (IsPairName(level.Key!))
        {
            level.NamesSecret |= SecretNames.IsSecret(value.Text);
        }
        else if (level.Key is "value" or "default" or "default_value")
        {
            level.PairValues.Add(value);
        }

        if (level.NamesSecret)
        {
            level.PairValues.ForEach(secret => secret.Redacted = SecretValues.OfSecret(secret.Text));
        }
    }

    private void Done()
    {
        if (_levels.TryPeek(out var level))
        {
            level.Key = null;
        }
    }

    private static bool IsPairName(string key) => key is "name" or "key" or "action" or "env";

    private static string HeaderLine(string line) => line.IndexOfAny([':', '=']) is > 0 and var sign
        ? SecretNames.IsHarmlessHeader(line[..sign]) ? line : line[..(sign + 1)] + SecretValues.OfSecret(line[(sign + 1)..].Trim())
        : SecretValues.Of(line);

    private sealed class Level(bool isMapping, bool inSecret, bool inHeaders, string anchor)
    {
        public bool IsMapping => isMapping;

        public bool InSecret => inSecret;

        public bool InHeaders => inHeaders;

        public string Anchor => anchor;

        /// <summary>Of the value that comes now; null where a key comes.</summary>
        public string? Key { get; set; }

        public bool NamesSecret { get; set; }

        public List<YamlValue> PairValues { get; } = [];
    }
}
