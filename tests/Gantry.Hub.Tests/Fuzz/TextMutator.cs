namespace Gantry.Hub.Tests.Fuzz;

/// <summary>Damages texts: pieces go, come twice, change places or come from another text; signs of the grammar and noise come in.</summary>
internal sealed class TextMutator(IReadOnlyList<string> texts, IReadOnlyList<string> signs)
{
    public string Next(Random random)
    {
        if (random.Next(20) == 0)
        {
            return string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => (char)(random.Next(4) == 0 ? random.Next(0x10000) : random.Next(128))));
        }

        var text = texts[random.Next(texts.Count)];
        for (var i = random.Next(4); i >= 0; i--)
        {
            var at = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + random.Next(40));
            text = random.Next(7) switch
            {
                0 => text.Remove(at, end - at),
                1 => text.Insert(random.Next(text.Length + 1), text[at..end]),
                2 => text[..at],
                3 => text.Insert(at, signs[random.Next(signs.Count)]),
                4 => at < text.Length ? text[..at] + (char)random.Next(0x2100) + text[(at + 1)..] : text,
                5 => text.Insert(at, texts[random.Next(texts.Count)][..Math.Min(60, texts[0].Length)]),
                _ => text.Remove(at, end - at).Insert(at, signs[random.Next(signs.Count)]),
            };
        }

        return text;
    }
}
