using Gantry.Cli.Terminals;

namespace Gantry.Cli.Tests.Terminals;

public class TerminalTests
{
    [Fact]
    public void A_message_cannot_steer_the_terminal()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(TextWriter.Null, error, Paint.None, Paint.Ansi);

        terminal.Note("a\e[2Jb\r\u009bc\td\ne");
        terminal.NoteDim("f\e[0mg");
        terminal.Fail("h\ei");

        Assert.Equal("a\uFFFD[2Jb\uFFFD\uFFFDc\td\ne\n\e[2m" + "f\uFFFD[0mg\e[0m\n\e[31mgantry:\e[0m h\uFFFDi\n", error.ToString());
    }
}
