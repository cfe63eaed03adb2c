using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.Estate;

/// <summary>The events of a text. Whatever is wrong with it comes as a <see cref="YamlException"/> with its place, also where the parser stumbles over itself.</summary>
internal sealed class YamlEvents
{
    private readonly Parser _parser;
    private Mark _last = new(0, 1, 1);

    public YamlEvents(string text)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        // Past the begin of the stream, to the first document.
        MoveNext();
        MoveNext();
    }

    public ParsingEvent? Current => _parser.Current;

    /// <summary>The event at the parser's place, where there must be one of this kind. The parser loses its events without a word over some texts that are cut.</summary>
    public T Need<T>()
        where T : ParsingEvent => _parser.Current as T ?? throw new YamlException(_last, _last, "the text ends, or goes on in another way than it began; a bracket or a quote may not be closed");

    public void MoveNext()
    {
        try
        {
            _last = _parser.Current?.End ?? _last;
            _parser.MoveNext();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The scanner loses its way over, for example, text that goes on below an open bracket without indent.
            var at = _parser.Current?.End ?? _last;
            throw new YamlException(at, at, "what follows cannot be read; a bracket or a quote may not be closed", exception);
        }
    }
}
